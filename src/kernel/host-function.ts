import { checkArgument } from '../option-rules.ts';
import type { NumberType, Signature } from '../wasm/index.ts';

/** All kinds of {@link HostValueKind}. */
export const hostValueKinds = ['i32', 'i64', 'f32', 'f64', 'text', 'bytes', 'u64le', 'i64le'] as const;

/**
 * How a parameter or result of a host function is passed.
 *
 * Directly: `i32`, `f32` and `f64` as `number`, `i64` as `bigint`. Through a handle, which is an
 * i64 in WebAssembly: `text` as `string`, `bytes` as `Uint8Array`, `u64le` and `i64le` as `bigint`
 * in a block of exactly 8 little-endian bytes.
 */
export type HostValueKind = (typeof hostValueKinds)[number];

/** The JavaScript type of each kind. A result of a 64-bit kind may also be a safe integer. */
export interface HostValueTypes {
  i32: number;
  i64: bigint;
  f32: number;
  f64: number;
  text: string;
  bytes: Uint8Array;
  u64le: bigint;
  i64le: bigint;
}

type Arguments<P extends readonly HostValueKind[]> = { -readonly [I in keyof P]: HostValueTypes[P[I]] };
type ResultOf<K extends HostValueKind> = HostValueTypes[K] | (HostValueTypes[K] extends bigint ? number : never);
/**
 * A table because TypeScript does not infer tuples from array literals through a chain of
 * conditional types.
 */
type Results<R extends readonly HostValueKind[]> = {
  // biome-ignore lint/suspicious/noConfusingVoidType: a function may end without a return
  none: void;
  one: R extends readonly [infer Only extends HostValueKind] ? ResultOf<Only> : never;
  more: { readonly [I in keyof R]: ResultOf<R[I]> };
}[R extends readonly [] ? 'none' : R extends readonly [HostValueKind] ? 'one' : 'more'];

/** What a host function may use in addition to its arguments. Valid during the call only. */
export interface HostFunctionContext {
  /** The name that the plugin was built with; empty if it has none. */
  readonly pluginName: string;
  /**
   * Copies the bytes of a block.
   *
   * @returns the copy; no bytes for handle 0.
   * @throws KernelFunctionError if the handle is not the start of a live block.
   */
  readBytes(handle: bigint): Uint8Array;
  /**
   * Copies bytes into a new block.
   *
   * @returns the handle of the block; 0 for no bytes.
   * @throws KernelFunctionError if kernel memory is exhausted.
   */
  writeBytes(bytes: Uint8Array): bigint;
}

/** The implementation of a host function, with arguments of any kind. */
export type HostImplementation = (...args: readonly unknown[]) => unknown;

/** A function that a host provides to a plugin. Made by {@link hostFunction}. */
export interface HostFunction {
  readonly namespace: string;
  readonly name: string;
  readonly params: readonly HostValueKind[];
  readonly results: readonly HostValueKind[];
  readonly implementation: HostImplementation;
}

/** The namespace from which Extism plugins import the functions of their host. */
export const USER_NAMESPACE = 'extism:host/user';

/**
 * Declares a function that a plugin can import.
 *
 * The implementation gets the decoded arguments, then a {@link HostFunctionContext}. It returns
 * nothing for no results, the value for one result, and an array for more. It must be synchronous.
 * If it throws, the plugin's call ends as `HostFunction`, and the plugin cannot catch that. An
 * empty `text` or `bytes` result is passed as handle 0 (abi/KERNEL.md, "Host functions").
 *
 * @param name the name under which the plugin imports it.
 * @param params the kinds of the parameters.
 * @param results the kinds of the results.
 * @param namespace the module name from which the plugin imports it.
 * @throws TypeError that names the malformed argument.
 */
export function hostFunction<const P extends readonly HostValueKind[], const R extends readonly HostValueKind[]>(
  name: string,
  params: P,
  results: R,
  implementation: (...args: [...Arguments<P>, HostFunctionContext]) => Results<R>,
  namespace: string = USER_NAMESPACE,
): HostFunction {
  const kinds = `an array of ${hostValueKinds.join(', ')}`;
  checkArgument('name of a host function', typeof name === 'string', 'a string');
  checkArgument('params of a host function', areHostValueKinds(params), kinds);
  checkArgument('results of a host function', areHostValueKinds(results), kinds);
  checkArgument('implementation of a host function', typeof implementation === 'function', 'a function');
  checkArgument('namespace of a host function', typeof namespace === 'string', 'a string');
  // The adapter decodes the arguments by `params`, so the implementation gets what its type says.
  return { namespace, name, params, results, implementation: implementation as unknown as HostImplementation };
}

/** Whether a value is a list of kinds, as `params` and `results` of a host function must be. */
export function areHostValueKinds(value: unknown): value is readonly HostValueKind[] {
  return Array.isArray(value) && value.every((kind) => hostValueKinds.some((known) => known === kind));
}

/** Returns the WebAssembly type of a host function. What is passed through a handle is an i64. */
export function hostFunctionSignature({ params, results }: HostFunction): Signature {
  return { params: params.map(travelType), results: results.map(travelType) };
}

function travelType(kind: HostValueKind): NumberType {
  return kind === 'i32' || kind === 'f32' || kind === 'f64' ? kind : 'i64';
}
