import { readableName } from '../metering/run/readable-name.ts';
import { type StackFrame, trapOf } from '../metering/run/trap-stack.ts';
import { quoted } from './hint.ts';

/** What engines call the trap of a panic. */
const PANIC = /unreachable/i;

/** What each trap means, by what engines call it: V8, JavaScriptCore, SpiderMonkey. */
const meanings: readonly (readonly [text: RegExp, hint: string])[] = [
  [PANIC, 'this trap is a panic (unwrap, expect, an index out of bounds), an abort or a failed assertion'],
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

/** How the name section, from which a stack has its names, comes into the module. */
const KEEP_NAMES =
  'For names in place of numbers, keep the name section: Rust strip = "debuginfo" in the profile, AssemblyScript ' +
  'asc --debug, Zig without -fstrip, C without -s, and no wasm-strip.';

/** Functions of run-time libraries that report a panic, and are not where the mistake is. */
const RUNTIME = [
  /^(?:core|std|alloc|hashbrown)(?:::|\[)/,
  /^(?:rust_|__|panic|dlmalloc|extism_pdk)/,
  // AssemblyScript and TinyGo.
  /^(?:~lib\/|_?abort|runtime\.)/,
];

/** Returns the first function of the author in a stack. */
function ownFunction(stack: readonly StackFrame[]): string | undefined {
  const names = stack.flatMap(({ function: name }) => (name === undefined ? [] : [readableName(name)]));
  return names.find((name) => !RUNTIME.some((pattern) => pattern.test(name)));
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
 * Says what to do about a trap: where to look, what the trap means, and what to do instead.
 *
 * @param failure the failure that has the stack, or one that holds it.
 * @param reason what the engine calls the trap.
 * @param instead what to do instead of a panic: a sentence.
 */
export function trapHint(failure: unknown, reason: string, instead: string): string {
  const stack = trapOf(failure)?.stack ?? [];
  const own = ownFunction(stack);
  const meaning = meanings.find(([text]) => text.test(reason))?.[1] ?? 'test the function natively with this request';
  const start = own === undefined ? capitalised(meaning) : `Look at ${quoted(own)}: ${meaning}`;
  const sentences = [`${start}.`, ...(PANIC.test(reason) ? [instead] : []), ...(isNameless(stack) ? [KEEP_NAMES] : [])];
  return sentences.join(' ');
}

function isNameless(stack: readonly StackFrame[]): boolean {
  return stack.length > 0 && stack.every(({ function: name }) => name === undefined);
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
