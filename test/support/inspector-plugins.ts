// Plugins that try to do something to the page that shows them.
import { readModule, readU32, SECTION, sectionReader } from '../../src/wasm/index.ts';
import {
  answering,
  custom,
  dataAt,
  hookEntry,
  metadataOf,
  NO_RESULTS,
  schemaSections,
  withSections,
} from '../hooks/hook-module.ts';
import { guest, identityPayload } from './guest-wat.ts';
import { literal } from './hex.ts';
import { wat } from './wat.ts';

/** A text that does something wherever it is taken for HTML. It can stand in JSON as it is. */
export const MARKUP = "<img src=x onerror=alert(1)><svg/onload=alert(2)></script><script>alert(3)</script><b id='own'>";

/** What stands in {@link MARKUP}, and on the page too if it is shown as text. */
export const SHOWN_MARKUP = '<img src=x onerror=';

/** The same text as a text of the text format. */
const quoted = literal(new TextEncoder().encode(MARKUP));

/** A plugin with markup in its identity, its exports and its sections. */
export async function markupInNames(): Promise<Uint8Array<ArrayBuffer>> {
  const wasm = await guest({ identities: [identityPayload(MARKUP)], exports: { [MARKUP]: MARKUP } });
  return withSections(wasm, custom(MARKUP, MARKUP));
}

/** The answer of a handshake that fills the slot of a filter. */
const ACCEPT = JSON.stringify({
  handshake_schema_version: 1,
  envelope_version: 1,
  chosen_versions: { filter: 1 },
  plugin_supported: { filter: [1] },
  implemented_functions: ['filter'],
  required_capabilities: [],
});

/** The answer of a filter that says nothing of any candidate. */
const NOTHING_FILTERED = '{"_v":1,"results":[]}';

/** Instructions for {@link filterPlugin}: to answer with {@link MARKUP}, and to log it. */
const ANSWER_MARKUP = `(call $answer (i32.const 64000) (i32.const ${MARKUP.length}))`;
const LOG_MARKUP = `(call $log_error (call $block (i32.const 64000) (i32.const ${MARKUP.length})))`;

/**
 * A plugin that is admitted as a filter.
 *
 * @param body the instructions of its filter, which leave the result code.
 * @param options instructions before its handshake, and further functions.
 */
export async function filterPlugin(
  body: string,
  { handshake = '', functions = '' }: { readonly handshake?: string; readonly functions?: string } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const wasm = await guest({
    identities: [identityPayload()],
    exports: {
      cc_lb_handshake: {
        code: `(result i32) ${handshake} (call $answer (i32.const 65000) (i32.const ${ACCEPT.length}))`,
      },
      cc_lb_self_check: '{"status":"success","failures":[],"completed_at":1}',
      filter: { code: `(result i32) ${body}` },
    },
    fields: `(import "extism:host/env" "log_error" (func $log_error (param i64)))
      (data (i32.const 63000) ${literal(new TextEncoder().encode(NOTHING_FILTERED))})
      (data (i32.const 64000) ${quoted}) (data (i32.const 65000) ${literal(new TextEncoder().encode(ACCEPT))})
      ${functions}`,
  });
  return new Uint8Array(wasm);
}

/** A plugin that is admitted, and logs markup, and answers with markup in its filter. */
export function markupInAnswers(): Promise<Uint8Array<ArrayBuffer>> {
  return filterPlugin(`${LOG_MARKUP} ${ANSWER_MARKUP}`, { handshake: LOG_MARKUP });
}

/** A plugin whose filter never comes back, and is ended by its budgets alone. */
export function loopingFilter(): Promise<Uint8Array<ArrayBuffer>> {
  return filterPlugin('(loop $again (br $again)) unreachable');
}

/** A plugin whose filter traps in a function that a function calls. */
export function trappingFilter(): Promise<Uint8Array<ArrayBuffer>> {
  const functions = '(func $outer (call $inner)) (func $inner unreachable)';
  return filterPlugin('(call $outer) (i32.const 0)', { functions });
}

/** A plugin whose filter grows its memory by one page with each call, and traps if it cannot. */
export function growingFilter(): Promise<Uint8Array<ArrayBuffer>> {
  const grow = '(if (i32.lt_s (memory.grow (i32.const 1)) (i32.const 0)) (then unreachable))';
  return filterPlugin(`${grow} (call $answer (i32.const 63000) (i32.const ${NOTHING_FILTERED.length}))`);
}

/** A plugin that sets markup as the error of its handshake. */
export async function markupInError(): Promise<Uint8Array<ArrayBuffer>> {
  const wasm = await guest({ identities: [identityPayload()], exports: { cc_lb_handshake: { error: MARKUP } } });
  return new Uint8Array(wasm);
}

/** A plugin that imports a function with markup as its name, which no host has. */
export async function markupInImports(): Promise<Uint8Array<ArrayBuffer>> {
  const wasm = await wat(`(module (import ${quoted} ${quoted} (func)) (memory (export "memory") 1)
    (func (export "cc_lb_handshake") (result i32) i32.const 0)
    (@custom "cc_lb.plugin.v1" ${literal(new TextEncoder().encode(identityPayload()))}))`);
  return new Uint8Array(wasm);
}

/** A hook plugin with markup in its metadata, its exports and its sections. */
export async function markupInMetadata(): Promise<Uint8Array<ArrayBuffer>> {
  const texts = { name: MARKUP, version: MARKUP, description: MARKUP, usage: MARKUP };
  const hook = hookEntry({ description: MARKUP, usage: MARKUP });
  const wasm = await describedBy(metadataOf({ filter: hook }, texts));
  return withSections(wasm, custom(MARKUP, MARKUP));
}

/** A filter of the hook ABI with this text as its metadata. */
export async function describedBy(metadata: string): Promise<Uint8Array<ArrayBuffer>> {
  const code = await wat(`(module (memory (export "memory") 1)
    (func (export "cc_lb_alloc") (param i32 i32) (result i32) i32.const 1024)
    (func (export "cc_lb_free") (param i32 i32 i32))
    (func (export ${quoted}))
    ${dataAt(4096, NO_RESULTS)} ${answering('filter', 4096, NO_RESULTS.length)})`);
  return withSections(code, ...schemaSections, custom('cc_lb.plugin.v1', metadata));
}

/** A plugin whose handshake answers with this text. */
export async function answeringHandshake(answer: string): Promise<Uint8Array<ArrayBuffer>> {
  const wasm = await guest({ identities: [identityPayload()], exports: { cc_lb_handshake: answer } });
  return new Uint8Array(wasm);
}

/** A plugin whose identity is this text. */
export async function identifiedBy(identity: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await guest({ identities: [identity], exports: { cc_lb_handshake: '{}' } }));
}

/**
 * Replaces the body of an export of a module by a loop without an end and without counters. A
 * prepared plugin is believed: only the end of its worker ends this.
 *
 * @throws Error if the module has no such function, or its body is too short.
 */
export function endless(wasm: Uint8Array, exported: string): Uint8Array<ArrayBuffer> {
  const { sections, imports, exports } = readModule(wasm);
  const own = exports.find(({ name }) => name === exported);
  const code = sections.find(({ id }) => id === SECTION.code);
  if (own === undefined || code === undefined) throw new Error(`the module has no export ${exported}`);
  const index = own.index - imports.filter(({ kind }) => kind === 'function').length;
  const reader = sectionReader(wasm, code);
  readU32(reader);
  for (let at = 0; at < index; at++) reader.part(readU32(reader), 'a function body');
  const body = reader.part(readU32(reader), 'a function body');
  // No locals; `loop br 0 end unreachable`; `nop` up to the last `end`.
  const loop = [0x00, 0x03, 0x40, 0x0c, 0x00, 0x0b, 0x00];
  const size = body.end - body.offset;
  if (size < loop.length + 1) throw new Error(`the body of ${exported} has only ${size} bytes`);
  const changed = new Uint8Array(wasm);
  changed.fill(0x01, body.offset, body.end - 1);
  changed.set(loop, body.offset);
  return changed;
}
