import { isErrorNamed } from '../realms.ts';
import type { ExhaustedKind } from './budget-use.ts';
import type { LimitName } from './limits.ts';

export type { ExhaustedKind } from './budget-use.ts';

/**
 * Why a module could not be metered, or why its run ended.
 *
 * - `InvalidArgument`: the caller's own mistake: an option of the wrong type or range.
 * - `MalformedModule`: the bytes do not follow the binary format. `offset` in bytes from the start.
 * - `InvalidModule`: the engine refused the module.
 * - `CompilationRefused`: the engine compiles nothing at run time, so it cannot say whether the
 *   module is valid. No verdict on the module.
 * - `LimitExceeded`: the module, or what metering would make of it, exceeds a limit. `limit` is its
 *   name and `max` its value, unless it is one that engines set; `function` is the function that
 *   exceeds it, or in which a limit on the whole module is exceeded.
 * - `FeatureRefused`: it uses a feature that must be allowed first.
 * - `OutOfFuel`, `Timeout`, `OutOfMemory`, `StackOverflow`: a budget was used up.
 * - `HostFunction`: an imported JavaScript function threw; the error's cause is what it threw.
 */
export type MeteringFailure =
  | { readonly kind: 'InvalidArgument'; readonly argument: string; readonly expected: string }
  | { readonly kind: 'MalformedModule'; readonly offset: number; readonly reason: string }
  | { readonly kind: 'InvalidModule'; readonly reason: string }
  | { readonly kind: 'CompilationRefused'; readonly reason: string }
  | LimitExceeded
  | { readonly kind: 'FeatureRefused'; readonly offset: number; readonly feature: string }
  | { readonly kind: 'OutOfFuel' }
  | { readonly kind: 'Timeout' }
  | { readonly kind: 'OutOfMemory' }
  | { readonly kind: 'StackOverflow' }
  | { readonly kind: 'HostFunction'; readonly function: string; readonly reason: string };

/** A function of a module: its index, imports first, and its name if the name section has one. */
export interface FunctionReference {
  readonly index: number;
  readonly name?: string;
}

/** A module exceeds a limit. `offset` in bytes from the start of the module. */
export interface LimitExceeded {
  readonly kind: 'LimitExceeded';
  readonly offset: number;
  readonly reason: string;
  readonly limit?: LimitName;
  readonly max?: number;
  readonly function?: FunctionReference;
}

const exhaustedKinds: readonly string[] = [
  'OutOfFuel',
  'Timeout',
  'OutOfMemory',
  'StackOverflow',
] satisfies ExhaustedKind[];

/** Whether a failure is that of a budget. */
export function isExhausted(failure: MeteringFailure): failure is Extract<MeteringFailure, { kind: ExhaustedKind }> {
  return exhaustedKinds.includes(failure.kind);
}

/**
 * What engines throw when their own stack is used up: V8 and JavaScriptCore the first, SpiderMonkey
 * the second.
 */
const stackOverflows = [
  { name: 'RangeError', message: /^Maximum call stack size exceeded\.?$/ },
  { name: 'InternalError', message: /^too much recursion$/ },
];

/** Whether what was thrown is an engine's own stack overflow. */
export function isStackOverflow(thrown: unknown): boolean {
  return stackOverflows.some(({ name, message }) => isErrorNamed(thrown, name) && message.test(thrown.message));
}
