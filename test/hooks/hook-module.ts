import { encodeArchive } from '../../src/hooks/archive/encode.ts';
import { type HookName, hooks } from '../../src/hooks/hook.ts';
import { FilterResponse } from '../../src/hooks/messages/filter.ts';
import { longSection, name as nameBytes, utf8 } from '../support/bytes.ts';
import { literal } from '../support/hex.ts';
import { wat } from '../support/wat.ts';

/** The modes of declared hooks. */
export type Modes = { readonly [N in HookName]?: 'active' | 'noop' };

/** A custom section. */
export function custom(name: string, payload: Uint8Array | string): number[] {
  const bytes = typeof payload === 'string' ? utf8(payload) : payload;
  return longSection(0, [...nameBytes(name), ...bytes]);
}

/** The entry of a hook in metadata. */
export function hookEntry(more: object = {}): object {
  return { wire_version: 1, description: 'd', usage: 'u', mode: 'active', ...more };
}

/** The metadata of a plugin as JSON. */
export function metadataOf(declared: Readonly<Record<string, object>>, more: object = {}): string {
  return JSON.stringify({ name: 'n', version: 'v', description: 'd', usage: 'u', hooks: declared, ...more });
}

/** The sections with the fingerprints of all hooks. */
export const schemaSections: readonly number[][] = hooks.map(({ schemaSection, fingerprint }) =>
  custom(schemaSection, fingerprint()),
);

/** Adds sections at the end of a module. */
export function withSections(module: Uint8Array, ...sections: readonly number[][]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([...module, ...sections.flat()]);
}

/** The parts of a plugin that a test does not write itself. */
const parts: Readonly<Record<string, string>> = {
  memory: '(memory (export "memory") 1)',
  cc_lb_alloc: '(func (export "cc_lb_alloc") (param i32 i32) (result i32) i32.const 1024)',
  cc_lb_free: '(func (export "cc_lb_free") (param i32 i32 i32))',
};

/**
 * Makes a plugin. What the text does not export of memory, allocator and `cc_lb_free` is added: one
 * page, and an allocator that always returns 1024.
 *
 * @param declared the mode of each declared hook.
 * @param text the fields of the module in the text format.
 */
export async function hookModule(declared: Modes, text: string): Promise<Uint8Array<ArrayBuffer>> {
  const missing = Object.keys(parts).filter((name) => !text.includes(`"${name}"`));
  const code = await wat(`(module ${missing.map((name) => parts[name]).join('\n')} ${text})`);
  const entries = Object.entries(declared).map(([name, mode]) => [name, hookEntry({ mode })]);
  const metadata = custom('cc_lb.plugin.v1', metadataOf(Object.fromEntries(entries)));
  return withSections(code, ...schemaSections, metadata);
}

/** Makes a plugin of `filter` alone, whose hook has this body. */
export function filterWith(body: string): Promise<Uint8Array<ArrayBuffer>> {
  return hookModule({ filter: 'active' }, `(func (export "cc_lb_filter") (param i32 i32) (result i64) ${body})`);
}

/** A data segment in the text format. */
export function dataAt(address: number, bytes: Uint8Array): string {
  return `(data (i32.const ${address}) ${literal(bytes)})`;
}

/** A hook whose answer is always the bytes at an address. */
export function answering(hook: HookName, address: number, size: number, before = ''): string {
  return `(func (export "cc_lb_${hook}") (param i32 i32) (result i64) ${before} i64.const ${packed(address, size)})`;
}

/** A hook whose answer is always this archive, which lies at an address. */
export function constantHook(hook: HookName, address: number, archive: Uint8Array): string {
  return `${dataAt(address, archive)} ${answering(hook, address, archive.length)}`;
}

/** The answer of a filter without results. */
export const NO_RESULTS: Uint8Array = encodeArchive(FilterResponse, { results: [] });

/** A filter without results. Its answer is at 4096. */
export const EMPTY_FILTER: string = constantHook('filter', 4096, NO_RESULTS);

/** Makes a filter that traps unless its memory of one page can grow by one page, and no more. */
export function growingOnce(): Promise<Uint8Array<ArrayBuffer>> {
  const grow = (before: number): string =>
    `(if (i32.ne (memory.grow (i32.const 1)) (i32.const ${before})) (then unreachable))`;
  const hook = answering('filter', 4096, NO_RESULTS.length, `${grow(1)} ${grow(-1)}`);
  return hookModule({ filter: 'active' }, `${dataAt(4096, NO_RESULTS)} ${hook}`);
}

/** An address and a size as a hook returns them. */
export function packed(address: number, size: number): bigint {
  return BigInt.asIntN(64, (BigInt(address) << 32n) | BigInt(size));
}

/** Code with a local `$at`, which traps unless all bytes from one address to another are zero. */
export function checkZero(from: number, to: number): string {
  return `(local.set $at (i32.const ${from}))
    (loop $next (if (i64.ne (i64.load (local.get $at)) (i64.const 0)) (then unreachable))
      (br_if $next (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 8))) (i32.const ${to}))))`;
}
