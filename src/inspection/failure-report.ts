import { reasonOf } from '../failure.ts';
import { WasmFormatError } from '../wasm/index.ts';

/** What is told of an error: for the terminal, and as it is in the `--json` output. */
export interface FailureReport {
  /** The class of the error, `HandshakeExecutionError`. */
  readonly error: string;
  /** The kind of its failure; that of a validation is followed by what it violated, `Validation.DowngradeAttempt`. */
  readonly kind: string;
  readonly message: string;
  /** Where in the module, in bytes from its start, when the fault is in its bytes. */
  readonly byteOffset?: number;
  /** All fields of the failure. */
  readonly failure: unknown;
}

/** Tells of an error of this package, or of any other. */
export function reportFailure(error: unknown): FailureReport {
  const failure = failureOf(error);
  const report = {
    error: error instanceof Error ? error.name : typeof error,
    kind: failureKind(failure),
    message: reasonOf(error),
    failure,
  };
  const byteOffset = moduleOffset(error);
  return byteOffset === undefined ? report : { ...report, byteOffset };
}

function failureOf(error: unknown): unknown {
  return error instanceof Error && 'failure' in error ? error.failure : undefined;
}

/** The kind of a failure; that of a validation is followed by what it violated, `Validation.DowngradeAttempt`. */
export function failureKind(failure: unknown): string {
  if (typeof failure !== 'object' || failure === null || !('kind' in failure)) return 'Unknown';
  const kind = String(failure.kind);
  const violation = 'violation' in failure ? failureKind(failure.violation) : undefined;
  return violation === undefined ? kind : `${kind}.${violation}`;
}

/** The failures whose `offset` counts in the module; that of others counts in a JSON text. */
const FAULTS_IN_MODULE: readonly string[] = [
  'WasmParseError',
  'MalformedModule',
  'InvalidModule',
  'LimitExceeded',
  'FeatureRefused',
];

/** The place in the module that an error, or what caused it, names. */
function moduleOffset(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof WasmFormatError) return error.failure.offset;
  const failure = failureOf(error);
  const isInModule = FAULTS_IN_MODULE.includes(failureKind(failure));
  const offset = typeof failure === 'object' && failure !== null && 'offset' in failure ? failure.offset : undefined;
  return isInModule && typeof offset === 'number' ? offset : moduleOffset(error.cause);
}
