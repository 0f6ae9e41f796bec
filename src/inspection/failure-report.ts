import { reasonOf } from '../failure.ts';
import { hintFor } from '../hints/index.ts';
import { type StackFrame, trapOf } from '../metering/run/trap-stack.ts';
import { isError } from '../realms.ts';
import { WasmFormatError } from '../wasm/index.ts';

/** A report on an error: for terminals, and as it is in the `--json` output. */
export interface FailureReport {
  /** The class of the error: `HandshakeExecutionError`. */
  readonly error: string;
  /**
   * The kind of its failure. A failed validation also names what was violated:
   * `Validation.DowngradeAttempt`.
   */
  readonly kind: string;
  readonly message: string;
  /** Where the fault is in the module, in bytes from its start; missing for other faults. */
  readonly byteOffset?: number;
  /** Where the plugin trapped; missing if it did not, or the engine does not tell. */
  readonly stack?: readonly StackFrame[];
  /** The error text that the plugin set before it trapped; missing if it set none. */
  readonly said?: string;
  /** All fields of the failure. */
  readonly failure: unknown;
  /** What the author of the plugin can do; missing if the failure says nothing about the plugin. */
  readonly hint?: string;
}

/** Reports on an error of this package or any other thrown value. */
export function reportFailure(error: unknown): FailureReport {
  const failure = failureOf(error);
  const hint = hintFor(error);
  const report = {
    error: isError(error) ? error.name : typeof error,
    kind: failureKind(failure),
    message: reasonOf(error),
    failure,
    ...(hint !== undefined && { hint }),
  };
  const byteOffset = moduleOffset(error);
  return { ...report, ...(byteOffset !== undefined && { byteOffset }), ...reportStack(failure) };
}

/**
 * Reports where a plugin trapped, and the error text that it had set.
 *
 * @param failure of a call, or one that holds it.
 * @returns no field if it did not trap; without `stack` if the engine does not tell.
 */
export function reportStack(failure: unknown): Pick<FailureReport, 'stack' | 'said'> {
  const { stack, said } = trapOf(failure) ?? {};
  return { ...(stack !== undefined && { stack }), ...(said !== undefined && { said }) };
}

/** A value, or a report on the error that was thrown instead. */
export type ReportedResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: FailureReport };

/** Computes a value. Never throws: an error becomes a report. */
export function reportedResult<Value>(compute: () => Value): ReportedResult<Value> {
  try {
    return { ok: true, value: compute() };
  } catch (error) {
    return { ok: false, error: reportFailure(error) };
  }
}

function failureOf(error: unknown): unknown {
  return isError(error) && 'failure' in error ? error.failure : undefined;
}

/**
 * The kind of a failure; `Unknown` if it has none. A failed validation also names what was
 * violated: `Validation.DowngradeAttempt`.
 */
export function failureKind(failure: unknown): string {
  if (typeof failure !== 'object' || failure === null || !('kind' in failure)) return 'Unknown';
  const kind = String(failure.kind);
  const violation = 'violation' in failure ? failureKind(failure.violation) : undefined;
  return violation === undefined ? kind : `${kind}.${violation}`;
}

/**
 * Says where in the module a fault is: `at byte 8 of the module`.
 *
 * @returns `undefined` if the message says so already. Most do, but the engine's have another
 * notation.
 */
export function placeText(message: string, byteOffset: number | undefined): string | undefined {
  const place = `at byte ${byteOffset}`;
  return byteOffset === undefined || message.includes(place) ? undefined : `${place} of the module`;
}

/** The failures whose `offset` counts bytes of the module. That of others counts in a JSON text. */
const FAULTS_IN_MODULE: readonly string[] = [
  'WasmParseError',
  'MalformedModule',
  'InvalidModule',
  'LimitExceeded',
  'FeatureRefused',
  'ImportsPresent',
  'MalformedExport',
  'SchemaSectionSize',
  'MetadataTooLarge',
  'MalformedMetadata',
  'FingerprintMismatch',
];

/** The place in the module that an error or its cause names. */
function moduleOffset(error: unknown): number | undefined {
  if (!isError(error)) return undefined;
  if (error instanceof WasmFormatError) return error.failure.offset;
  const failure = failureOf(error);
  const isInModule = FAULTS_IN_MODULE.includes(failureKind(failure));
  const offset = typeof failure === 'object' && failure !== null && 'offset' in failure ? failure.offset : undefined;
  return isInModule && typeof offset === 'number' ? offset : moduleOffset(error.cause);
}
