import { FailureError, type FailureErrorOptions, reasonOf } from '../../failure.ts';
import { HookCallError } from '../../hooks/call-error.ts';
import { HookCompileError, HookInspectError } from '../../hooks/index.ts';
import { MeteringError } from '../../metering/index.ts';
import { BuildPluginError, PluginCallError } from '../../plugin/index.ts';
import { HostFunctionError } from '../../protocol/host-state.ts';
import { isError } from '../../realms.ts';
import { WasmFormatError } from '../../wasm/index.ts';
import { PluginHostError } from '../host-error.ts';
import { exposed, restored } from './located.ts';

/** An error as a plain value. */
export interface CarriedError {
  /** The name of its class. */
  readonly name: string;
  readonly message: string;
  /** The engine's text of where it was thrown; missing for errors that have a failure. */
  readonly stack?: string | undefined;
  /** The failure of an error of this package. */
  readonly failure?: unknown;
  /** How much of a budget was used, if metering counted it. */
  readonly use?: MeteringError['use'];
  readonly cause?: CarriedError | undefined;
}

/** A class whose errors are made of a failure, which was read from an error of the same class. */
type FailureClass = new (failure: never, options: FailureErrorOptions & Pick<CarriedError, 'use'>) => Error;

/** The classes of this package whose errors leave a remote, and their causes. */
const failureErrors: Readonly<Record<string, FailureClass>> = {
  BuildPluginError,
  HookCallError,
  HookCompileError,
  HookInspectError,
  HostFunctionError,
  MeteringError,
  PluginCallError,
  PluginHostError,
  WasmFormatError,
};

/** The classes of JavaScript and WebAssembly; all others arrive as `Error` with their name. */
const nativeErrors: Readonly<Record<string, new (message: string, options: ErrorOptions) => Error>> = {
  CompileError: WebAssembly.CompileError,
  LinkError: WebAssembly.LinkError,
  RangeError,
  RuntimeError: WebAssembly.RuntimeError,
  SyntaxError,
  TypeError,
};

/** How many causes of causes are carried. A chain may be endless. */
const CAUSES_MAX = 8;

/** Makes a plain value of what was thrown. Never throws. */
export function carryError(thrown: unknown): CarriedError {
  try {
    return carried(thrown, CAUSES_MAX);
  } catch {
    // A property of it throws when it is read.
    return { name: 'Error', message: reasonOf(thrown) };
  }
}

function carried(thrown: unknown, causesMax: number): CarriedError {
  if (!isError(thrown)) return { name: 'Error', message: reasonOf(thrown) };
  const { name } = thrown;
  const parts = { name: String(name), message: reasonOf(thrown), cause: carriedCause(thrown, causesMax) };
  if (!(thrown instanceof FailureError)) return { ...parts, stack: stackOf(thrown) };
  const use = thrown instanceof MeteringError ? thrown.use : undefined;
  return { ...parts, failure: exposed(thrown.failure), use };
}

function carriedCause({ cause }: Error, causesMax: number): CarriedError | undefined {
  return cause === undefined || causesMax === 0 ? undefined : carried(cause, causesMax - 1);
}

function stackOf(error: Error): string | undefined {
  return typeof error.stack === 'string' ? error.stack : undefined;
}

/** Makes the error of a carried one again. */
export function errorOf({ name, message, stack, failure, use, cause: carried }: CarriedError): Error {
  const cause = carried && errorOf(carried);
  const options = cause === undefined ? {} : { cause };
  const Own = Object.hasOwn(failureErrors, name) ? failureErrors[name] : undefined;
  if (Own !== undefined && failure !== undefined) {
    // The cast: `carryError` read the failure from an error of this class.
    const own = restored(failure) as never;
    // What stands before the message of the failure is the subject: `filter: ...`.
    const text = new Own(own, {}).message;
    const subject = message.endsWith(`: ${text}`) ? message.slice(0, -text.length - 2) : undefined;
    return new Own(own, { ...options, subject, use });
  }
  const native = Object.hasOwn(nativeErrors, name) ? nativeErrors[name] : undefined;
  const error = native === undefined ? new Error(message, options) : new native(message, options);
  if (native === undefined) error.name = name;
  if (stack !== undefined) error.stack = stack;
  return error;
}
