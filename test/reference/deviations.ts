import { fromBase64 } from './base64.ts';
import { stable } from './kind.ts';

/** A case that the published host answers in another way. */
interface Difference {
  readonly of: unknown;
  readonly there: unknown;
  readonly here: unknown;
}

/** A known deviation from the published host (RATIONALE.md, "Where does it deviate from the reference?"). */
export interface Deviation {
  readonly what: string;
  readonly why: string;
  /** The kinds of cases that show it. */
  readonly kinds: readonly string[];
  readonly isIt: (difference: Difference) => boolean;
}

/** All deviations that cases show. Each must still be shown by one. */
export const deviations: readonly Deviation[] = [
  {
    what: 'an identity is not read from a component',
    why: 'a component is no plugin: it could not be built',
    kinds: ['identity'],
    isIt: ({ of }) => COMPONENT.every((byte, at) => fromBase64(textIn(of, 'wasm'))[at] === byte),
  },
  {
    what: 'the last digit of a float',
    why: 'the reference reads floats by a fast parser, which is off by a digit now and then; here they are exact',
    kinds: ['dispatch', 'types'],
    isIt: ({ there, here }) => withFloats(there, roughly) === withFloats(here, roughly),
  },
  {
    what: 'a record that expires past the range of 64 bits',
    why: 'the sum is out of range here, and wraps there',
    kinds: ['records'],
    isIt: ({ of }) => BigInt(textIn(of, 'handshake_completed_at')) + BigInt(textIn(of, 'ttl_seconds')) >= 2n ** 63n,
  },
  {
    what: 'a time to live past the range of 64 bits',
    why: 'it is what is left here; there the difference wraps, and nothing is left',
    kinds: ['records'],
    isIt: ({ of }) =>
      BigInt(textIn(of, 'handshake_completed_at')) + BigInt(textIn(of, 'ttl_seconds')) - BigInt(textIn(of, 'now')) >=
      2n ** 63n,
  },
  {
    what: 'the eight bytes before the input',
    why: "the reference's own header, which is its own business; here nothing is before the input",
    kinds: ['kernel'],
    isIt: ({ of }) => textIn(of, 'about') === 'input_load_u64 right before the input',
  },
  {
    what: 'a log that is not UTF-8',
    why: 'it is logged with U+FFFD, where the reference logs only that it cannot',
    kinds: ['kernel'],
    isIt: ({ of }) => textIn(of, 'about') === 'a log that is not UTF-8',
  },
  ofProbe('memory_bytes at first', 'the allocator of the reference counts one page, less its header'),
  ofProbe(
    'an error, and the deadline',
    "the text is the plugin's claim, the deadline a fact; the reference tells a trap, with the text as its cause",
  ),
  ofProbe('fuel 0', "the reference's kernel is WebAssembly, and burns fuel when it is built", 'fuel 1'),
  ofProbe('fuel 3', "the reference's kernel burns about 130 before a call"),
  ofProbe(
    'a memory that grows past its own maximum, with 32 pages to grow',
    'the memory does not grow, so nothing is taken from the budget; the reference ends the call',
  ),
  ofProbe(
    'an error that is not UTF-8, and a trap',
    'the trap is told; the reference tells only that it cannot read the text',
    'an error that is not UTF-8, and the deadline',
  ),
  ofProbe(
    '__wasm_call_ctors that traps',
    'initialisation is tried again for each call; the reference goes on without it',
    'hs_init that traps',
    'six million in start function, constructors and call, of ten',
  ),
  ofProbe('a table of 200,000 entries', 'tables have a budget here, `tableMaxEntries`'),
  {
    what: 'instructions that are charged by size',
    why: 'the contract says 1 for each instruction; their time has an account of its own',
    kinds: ['fuel'],
    isIt: ({ of }) => /^(memory|table|array)\./.test(textIn(of, 'about')),
  },
];

/** A deviation that one probe shows, and maybe others. */
function ofProbe(about: string, why: string, ...others: readonly string[]): Deviation {
  return {
    what: about,
    why,
    kinds: ['probes'],
    isIt: ({ of }) => [about, ...others].includes(textIn(of, 'about')),
  };
}

/** `\0asm`, version 13, layer 1. */
const COMPONENT = [0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0];

/** A property that is a text; an empty one if there is none. */
function textIn(value: unknown, name: string): string {
  if (typeof value !== 'object' || value === null) return '';
  const found: unknown = Reflect.get(value, name);
  return typeof found === 'string' ? found : '';
}

/** A value as JSON, its floats changed. */
function withFloats(value: unknown, change: (float: number) => number): string {
  return stable(value).replace(/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/g, (token) =>
    /[.e]/.test(token) ? String(change(Number(token))) : token,
  );
}

const roughly = (float: number): number => Number(float.toPrecision(14));
