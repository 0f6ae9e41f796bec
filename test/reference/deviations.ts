import { fromBase64 } from '../support/base64.ts';
import { stable } from './kind.ts';

/** A case that this host and the published host answer differently. */
interface Difference {
  readonly of: unknown;
  readonly there: unknown;
  readonly here: unknown;
}

/**
 * A known deviation from the published host (RATIONALE.md, "Where does it deviate from the
 * reference?").
 */
export interface Deviation {
  readonly what: string;
  readonly why: string;
  /** The kinds of cases that show the deviation. */
  readonly kinds: readonly string[];
  readonly isIt: (difference: Difference) => boolean;
}

/** All deviations that cases show. At least one case must show each. */
export const deviations: readonly Deviation[] = [
  {
    what: 'an identity is not read from a component',
    why: 'a component is not a plugin: no host can build it',
    kinds: ['identity'],
    isIt: ({ of }) => COMPONENT.every((byte, at) => fromBase64(textIn(of, 'wasm'))[at] === byte),
  },
  {
    what: 'the last digit of a float',
    why: 'the fast parser of the reference is sometimes wrong in the last digit; here floats are exact',
    kinds: ['dispatch', 'types'],
    isIt: ({ there, here }) => withFloats(there, roughly) === withFloats(here, roughly),
  },
  {
    what: 'a record that expires past the range of 64 bits',
    why: 'the sum is out of range here, but wraps in the reference',
    kinds: ['records'],
    isIt: ({ of }) => BigInt(textIn(of, 'handshake_completed_at')) + BigInt(textIn(of, 'ttl_seconds')) >= 2n ** 63n,
  },
  {
    what: 'a time to live past the range of 64 bits',
    why: 'the remaining time is exact here; in the reference the difference wraps, and the rest is 0',
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
    why: 'the text is logged with U+FFFD; the reference logs only an error message',
    kinds: ['kernel'],
    isIt: ({ of }) => textIn(of, 'about') === 'a log that is not UTF-8',
  },
  ofProbe('memory_bytes at first', 'the allocator of the reference counts one page, less its header'),
  ofProbe(
    'an error, and the deadline',
    "the text is the plugin's claim, the deadline a fact; the reference reports a trap, with the text as its cause",
  ),
  ofProbe('fuel 0', "the reference's kernel is WebAssembly, and burns fuel when it is built", 'fuel 1'),
  ofProbe('fuel 3', "the reference's kernel burns about 130 before a call"),
  ofProbe(
    'a memory that grows past its own maximum, with 32 pages to grow',
    'the memory does not grow, so nothing is taken from the budget; the reference ends the call',
  ),
  ofProbe(
    'an error that is not UTF-8, and a trap',
    'the trap is reported; the reference reports only that it cannot read the text',
    'an error that is not UTF-8, and the deadline',
  ),
  ofProbe(
    '__wasm_call_ctors that traps',
    'initialisation is tried again for each call; the reference continues without it',
    'hs_init that traps',
    'six million in start function, constructors and call, of ten',
  ),
  ofProbe('a table of 200,000 entries', 'tables have a budget here, `tableMaxEntries`'),
  {
    what: 'instructions that are charged by size',
    why: 'abi/KERNEL.md defines 1 for each instruction; their time has its own account',
    kinds: ['fuel'],
    isIt: ({ of }) => /^(memory|table|array)\./.test(textIn(of, 'about')),
  },
];

/** A deviation that one or more probes show. */
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

/** A property that is a text. An empty text if it is missing. */
function textIn(value: unknown, name: string): string {
  if (typeof value !== 'object' || value === null) return '';
  const found: unknown = Reflect.get(value, name);
  return typeof found === 'string' ? found : '';
}

/** A value as JSON with changed floats. */
function withFloats(value: unknown, change: (float: number) => number): string {
  return stable(value).replace(/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/g, (token) =>
    /[.e]/.test(token) ? String(change(Number(token))) : token,
  );
}

const roughly = (float: number): number => Number(float.toPrecision(14));
