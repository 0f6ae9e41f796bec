import { codeOnly } from './kind.ts';
import { kindNamed } from './kinds/index.ts';
import { type Fragment, ModuleDraft } from './module-draft.ts';
import type { SizeLimits } from './size-limits.ts';
import { EMPTY, I32 } from './value-types.ts';

/** A kind at a size. */
export interface Part {
  readonly kind: string;
  readonly size: number;
  readonly variant: string;
}

/** What a hostile module is made of. */
export interface Recipe {
  readonly parts: readonly Part[];
  /** Whether the code of all parts stands in the same function, or in one function each. */
  readonly together: boolean;
  /** How many functions have the same code. */
  readonly copies: number;
}

/** Bytes of code that a module has at most where the project has no limit of its own. */
const CODE_BYTES_MAX = 11_000_000;

/** Bytes of code that are left for functions which call others, and for the lengths of bodies. */
const RESERVED_BYTES = 50_000;

/** Calls that a function which only calls others makes. */
const CALLS_PER_DISPATCHER = 500;

/** Turns of the loop of the export `hot`; a deadline ends it. */
const HOT_TURNS = 100_000;

const utf8 = new TextEncoder();

/**
 * A module by its recipe. It exports `run`, which calls each of its functions once, and `hot`,
 * which does so in a loop; `cc_lb_handshake` does what `run` does, so that an admission runs the
 * code too.
 *
 * @param name of the plugin, so that an engine does not recognise the bytes of another module.
 * @param limits of the project under test; beyond `codeBytes` no function is added.
 */
export function buildModule(recipe: Recipe, name: string, limits: SizeLimits = {}): Uint8Array<ArrayBuffer> {
  const codeBytesMax = limits.codeBytes ?? CODE_BYTES_MAX;
  const kinds = recipe.parts.map(({ kind }) => kindNamed(kind));
  const draft = new ModuleDraft(
    kinds.flatMap(({ imports = [] }) => imports),
    limits,
  );
  const fragments: Fragment[] = [];
  for (const [index, { size, variant }] of recipe.parts.entries()) {
    const fragment = kinds[index]?.add(draft, size, variant);
    if (fragment !== undefined) fragments.push(fragment);
  }
  const bodies = recipe.together ? [fragments] : fragments.map((fragment) => [fragment]);
  const plain = draft.type([], []);
  const functions: number[] = [];
  let bytesOfCopy = 0;
  for (let copy = 0; copy < recipe.copies; copy++) {
    // As large as the last: what does not fit is left out.
    const before = draft.codeBytes;
    if (copy > 0 && before + bytesOfCopy + RESERVED_BYTES > codeBytesMax) break;
    for (const body of bodies) if (body.length > 0) functions.push(draft.function(plain, body));
    bytesOfCopy = draft.codeBytes - before;
  }
  const all = callEach(draft, functions);
  const result = draft.type([], [I32]);
  const run = draft.function(result, [], (code) => {
    code.byte(0x10);
    code.u32(all);
    code.bytes([0x41, 0]);
  });
  const hot = draft.function(result, [{ locals: [{ count: 1, type: I32 }], write: () => undefined }], (code) => {
    code.bytes([0x03, EMPTY, 0x10]);
    code.u32(all);
    code.bytes([0x20, 0, 0x41, 1, 0x6a, 0x22, 0, 0x41]);
    code.s32(HOT_TURNS);
    code.bytes([0x48, 0x0d, 0, 0x0b, 0x41, 0]);
  });
  for (const [exported, index] of Object.entries({ run, hot, cc_lb_handshake: run })) draft.export(exported, 0, index);
  draft.custom('cc_lb.plugin.v1', identity(name));
  return draft.bytes();
}

/** A function that calls others, one after the other; no function has many calls of its own. */
function callEach(draft: ModuleDraft, functions: readonly number[]): number {
  const callAll = (some: readonly number[]): number =>
    draft.function(draft.type([], []), [
      codeOnly((code) => {
        for (const index of some) {
          code.byte(0x10);
          code.u32(index);
        }
      }),
    ]);
  if (functions.length <= CALLS_PER_DISPATCHER) return callAll(functions);
  const dispatchers: number[] = [];
  for (let from = 0; from < functions.length; from += CALLS_PER_DISPATCHER)
    dispatchers.push(callAll(functions.slice(from, from + CALLS_PER_DISPATCHER)));
  return callEach(draft, dispatchers);
}

function identity(name: string): Uint8Array {
  const fields = {
    magic: [0xcc, 0x1b, 0x70, 0x10, 0, 1, 0, 0],
    plugin_name: name,
    plugin_version: '1',
    abi_envelope: 1,
  };
  return utf8.encode(JSON.stringify(fields));
}
