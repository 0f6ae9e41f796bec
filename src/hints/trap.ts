import { type StackFrame, trapOf } from '../metering/run/trap-stack.ts';
import { quoted } from './hint.ts';

/** What each trap means, by what engines call it: V8, JavaScriptCore, SpiderMonkey. */
const meanings: readonly (readonly [text: RegExp, hint: string])[] = [
  [
    /unreachable/i,
    'a panic (unwrap, expect, an index out of bounds), abort or a failed assertion ends so. Report an error with ' +
      'error_set and a code other than 0 instead',
  ],
  [/(?:divi\w*|remainder) by zero/i, 'check the divisor: it is 0'],
  [
    /memory|out of bounds (?:load|store|access)|^index out of bounds/i,
    'check pointers and lengths: an address is outside the memory',
  ],
  [
    /signature|null function|indirect call|call_indirect|table index/i,
    'check the function pointer, or the table of functions: it is null, or of another type',
  ],
  [/unrepresentable|trunc|integer overflow|invalid conversion/i, 'check the number: an integer cannot hold it'],
  [/exception/i, 'catch exceptions in each export, or build without them (in C++ with -fno-exceptions)'],
];

/** Functions of run-time libraries that report a panic, and are not where the mistake is. */
const RUNTIME = [
  // Rust, as it is and mangled: core::panicking::panic_fmt, _ZN4core9panicking.
  /^(?:core|std|alloc)(?:::|\[)/,
  /^(?:_ZN(?:4core|3std|5alloc)|_RNv.*(?:4core|3std|5alloc))/,
  /^(?:rust_|__|panic|dlmalloc|extism_pdk)/,
  // AssemblyScript and TinyGo.
  /^(?:~lib\/|_?abort|runtime\.)/,
];

/** Returns the first function of the author in a stack. */
function ownFunction(stack: readonly StackFrame[]): string | undefined {
  const names = stack.flatMap(({ function: name }) => (name === undefined ? [] : [name]));
  return names.find((name) => !RUNTIME.some((pattern) => pattern.test(name))) ?? names[0];
}

/**
 * Adds to a hint where a plugin trapped.
 *
 * @param hint what to do about the request that it met.
 * @param failure of a call, or one that holds it.
 * @returns the hint alone if the engine does not tell.
 */
export function withTrapPlace(hint: string, failure: unknown): string {
  const own = ownFunction(trapOf(failure)?.stack ?? []);
  return own === undefined ? hint : `${hint} Look at ${quoted(own)}.`;
}

/**
 * Says what to do about a trap: where to look, and what the trap means.
 *
 * @param failure the failure that has the stack, or one that holds it.
 * @param reason what the engine calls the trap.
 */
export function trapHint(failure: unknown, reason: string): string {
  const own = ownFunction(trapOf(failure)?.stack ?? []);
  const meaning = meanings.find(([text]) => text.test(reason))?.[1] ?? 'test the function natively with this request';
  if (own !== undefined) return `Look at ${quoted(own)}: ${meaning}.`;
  return `${meaning.charAt(0).toUpperCase()}${meaning.slice(1)}.`;
}
