import { literal } from './hex.ts';
import { answerFunctions, blockFunction } from './kernel-imports.ts';
import { wat } from './wat.ts';

/**
 * How an export of a guest behaves: it answers bytes and returns 0; or it sets an error and returns
 * 1; or it is code of its own.
 */
export type Behaviour = string | Uint8Array | { readonly error: string } | { readonly code: string };

/** A plugin for a test, written as what its exports do. */
export interface Guest {
  /** The payloads of its identity sections. None by default. */
  readonly identities?: readonly string[];
  readonly exports?: Readonly<Record<string, Behaviour>>;
  /** Further fields of the module, imports first. */
  readonly fields?: string;
  /** Pages of its memory beyond those that its texts take. One by default. */
  readonly pages?: number;
}

/** The payload of a valid identity. */
export const identityPayload = (name = 'guest'): string =>
  `{"magic":[204,27,112,16,0,1,0,0],"abi_envelope":1,"plugin_name":"${name}","plugin_version":"1.0.0"}`;

/** Answers with the input. */
export const echo: Behaviour = {
  code: '(result i32) (call $output_set (call $input_offset) (call $input_length)) (i32.const 0)',
};

/** Sets the input as its error. */
export const echoAsError: Behaviour = { code: '(result i32) (call $error_set (call $input_offset)) (i32.const 1)' };

/** Executes `unreachable`. */
export const trap: Behaviour = { code: '(result i32) unreachable' };

const utf8 = new TextEncoder();

/**
 * Assembles a guest. What it answers lies in its own memory, and goes into the kernel's byte by
 * byte, as the PDKs do it.
 */
export async function guest({ identities = [], exports = {}, fields = '', pages = 1 }: Guest): Promise<Uint8Array> {
  let used = 0;
  const data: string[] = [];
  const functions: string[] = [];
  for (const [name, behaviour] of Object.entries(exports)) {
    const start = `(func (export ${literal(utf8.encode(name))})`;
    if (typeof behaviour === 'object' && 'code' in behaviour) {
      functions.push(`${start} ${behaviour.code})`);
      continue;
    }
    const content = behaviour instanceof Uint8Array || typeof behaviour === 'string' ? behaviour : behaviour.error;
    const bytes = typeof content === 'string' ? utf8.encode(content) : content;
    const run = content === behaviour ? '$answer' : '$fail';
    data.push(`(data (i32.const ${used}) ${literal(bytes)})`);
    functions.push(`${start} (result i32) (call ${run} (i32.const ${used}) (i32.const ${bytes.length})))`);
    used += bytes.length;
  }
  const sections = identities.map((payload) => `(@custom "cc_lb.plugin.v1" ${literal(utf8.encode(payload))})`);
  return await wat(`(module
    (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
    (import "extism:host/env" "store_u8" (func $store_u8 (param i64 i32)))
    (import "extism:host/env" "input_offset" (func $input_offset (result i64)))
    (import "extism:host/env" "input_length" (func $input_length (result i64)))
    (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
    (import "extism:host/env" "error_set" (func $error_set (param i64)))
    ${fields}
    (memory ${Math.ceil(used / 65536) + pages})
    ${data.join('\n')}

    ;; A kernel block with a copy of $length bytes of this module's memory.
    ${blockFunction}
    ${answerFunctions}

    ${functions.join('\n')}
    ${sections.join('\n')})`);
}
