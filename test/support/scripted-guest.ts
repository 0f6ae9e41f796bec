import { literal } from './hex.ts';
import { answerFunctions, blockFunction } from './kernel-imports.ts';
import { wat } from './wat.ts';

/**
 * What a call does: it answers with a text, sets an error, or runs WAT instructions that leave the
 * result code.
 */
export type Scripted = string | { readonly error: string } | { readonly code: string };

/** How an export answers: what it does for each input, and for any other. */
export interface Script {
  readonly answers: ReadonlyMap<string, Scripted>;
  readonly otherwise: Scripted;
}

/** A plugin that is described by its answers to inputs. */
export interface ScriptedGuest {
  /** The payloads of its identity sections. */
  readonly identities: readonly string[];
  readonly exports: Readonly<Record<string, Script>>;
  /** Instructions before and after each wire function. */
  readonly before?: string;
  readonly after?: string;
  /** Further fields of the module, such as globals. */
  readonly fields?: string;
  /** Pages of memory beyond what the texts need. */
  readonly pages?: number;
}

const utf8 = new TextEncoder();

/** Hashes by text: a suite makes many guests from the same texts. */
const hashes = new Map<string, bigint>();

/** FNV-1a with 64 bits, as the guest computes it for its input. */
function hashOf(text: string): bigint {
  const known = hashes.get(text);
  if (known !== undefined) return known;
  let hash = 0xcbf29ce484222325n;
  for (const byte of utf8.encode(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x00000100000001b3n);
  hashes.set(text, hash);
  return hash;
}

/** The texts of a guest, in its memory: each once. */
class Texts {
  readonly #places = new Map<string, string>();
  readonly data: string[] = [];
  used = 0;

  /** The instructions that push a text's place and length. */
  place(text: string): string {
    const known = this.#places.get(text);
    if (known !== undefined) return known;
    const bytes = utf8.encode(text);
    const place = `(i32.const ${this.used}) (i32.const ${bytes.length})`;
    this.data.push(`(data (i32.const ${this.used}) ${literal(bytes)})`);
    this.#places.set(text, place);
    this.used += bytes.length;
    return place;
  }
}

/**
 * Assembles a scripted guest. It distinguishes inputs by their hash, so its fuel grows with the
 * input, as that of a real plugin does.
 *
 * @param guest its parts. In `{ code }`, `ANSWER<<text>>` stands for instructions that answer with
 *   the text.
 * @returns the module.
 */
export async function scriptedGuest(guest: ScriptedGuest): Promise<Uint8Array> {
  const { identities, exports, before = '', after = '', fields = '', pages = 0 } = guest;
  const texts = new Texts();
  const functions = Object.entries(exports).map(([name, { answers, otherwise }]) => {
    const cases = [...answers].map(
      ([input, scripted]) =>
        `(if (i64.eq (local.get $hash) (i64.const ${BigInt.asIntN(64, hashOf(input))}))
          (then (return ${instructions(scripted, texts)})))`,
    );
    const wraps = !name.startsWith('cc_lb_');
    return `(func $${name} (result i32) (local $hash i64)
        (local.set $hash (call $hash)) ${cases.join('\n')} ${instructions(otherwise, texts)})
      (func (export "${name}") (result i32) (local $result i32)
        ${wraps ? before : ''} (local.set $result (call $${name})) ${wraps ? after : ''} (local.get $result))`;
  });
  const sections = identities.map((payload) => `(@custom "cc_lb.plugin.v1" ${literal(utf8.encode(payload))})`);
  return await wat(`(module
    (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
    (import "extism:host/env" "store_u8" (func $store_u8 (param i64 i32)))
    (import "extism:host/env" "input_length" (func $input_length (result i64)))
    (import "extism:host/env" "input_load_u8" (func $input_load_u8 (param i64) (result i32)))
    (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
    (import "extism:host/env" "error_set" (func $error_set (param i64)))
    ${fields}
    (memory ${Math.ceil(texts.used / 65536) + pages})
    ${texts.data.join('\n')}

    (func $hash (result i64) (local $hash i64) (local $at i64)
      (local.set $hash (i64.const ${BigInt.asIntN(64, hashOf(''))}))
      (block $done
        (loop $next
          (br_if $done (i64.ge_u (local.get $at) (call $input_length)))
          (local.set $hash
            (i64.mul
              (i64.xor (local.get $hash) (i64.extend_i32_u (call $input_load_u8 (local.get $at))))
              (i64.const 0x100000001b3)))
          (local.set $at (i64.add (local.get $at) (i64.const 1)))
          (br $next)))
      (local.get $hash))

    ${blockFunction}
    ${answerFunctions}

    ${functions.join('\n')}
    ${sections.join('\n')})`);
}

function instructions(scripted: Scripted, texts: Texts): string {
  if (typeof scripted === 'string') return `(call $answer ${texts.place(scripted)})`;
  if ('error' in scripted) return `(call $fail ${texts.place(scripted.error)})`;
  return scripted.code.replace(/ANSWER<<(.*?)>>/gs, (_, text: string) => `(call $answer ${texts.place(text)})`);
}
