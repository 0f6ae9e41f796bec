import { hintFor } from '../../hints/index.ts';
import type { FileAdmission } from '../../inspection/admission-report.ts';
import { type FailureReport, reportFailure } from '../../inspection/failure-report.ts';
import { isExhaustion } from '../../metering/budget-use.ts';
import { saidText } from '../../metering/run/stack-text.ts';
import type { BuildPluginError } from '../../plugin/index.ts';
import { printable } from '../../printable.ts';
import type { DispatchError, DispatchOutcome } from '../../protocol/dispatch.ts';
import type { FallbackPolicy } from '../../protocol/messages/index.ts';
import { type CellLike, layOutRows } from '../output/rows.ts';
import type { Paint } from '../output/terminal.ts';
import { admissionLines, stackLines } from './admission-text.ts';
import type { CallCost } from './call-statistics.ts';
import { failedLines } from './failure-text.ts';

/** The outcome of a call with what it took, or why the plugin could not be built. */
export type Outcome =
  | (DispatchOutcome<unknown> & CallCost)
  | { readonly kind: 'notBuilt'; readonly error: BuildPluginError };

/** An admission, and the call that followed it. */
export interface DispatchRun {
  /** The name of the wire function. */
  readonly function: string;
  readonly admission: FileAdmission;
  /** Undefined if the plugin was rejected. */
  readonly outcome: Outcome | undefined;
}

/** The outcome of a call in the `--json` output. */
export type OutcomeReport =
  | { readonly kind: 'ok'; readonly durationMs: number; readonly fuel: number; readonly response: unknown }
  | {
      readonly kind: 'fallback';
      readonly durationMs: number;
      readonly fuel: number;
      readonly policy: FallbackPolicy;
      readonly stage: string;
      readonly error: FailureReport;
    }
  | { readonly kind: 'notBuilt'; readonly error: FailureReport };

/** Reports the outcome of a call as plain values. */
export function reportOutcome(outcome: Outcome): OutcomeReport {
  if (outcome.kind === 'ok') {
    const { kind, response, durationMs, fuel } = outcome;
    return { kind, response, durationMs, fuel };
  }
  const error = reportFailure(outcome.error);
  if (outcome.kind === 'notBuilt') return { kind: outcome.kind, error };
  const { kind, durationMs, fuel, policy } = outcome;
  return { kind, durationMs, fuel, policy, stage: outcome.error.stage, error };
}

/** What a host does instead of using a response (abi/PROTOCOL.md, Layer 5). */
const POLICIES: Readonly<Record<FallbackPolicy, string>> = {
  fail_request: 'the host fails the request',
  pass_through: 'the host passes on what it had before the call',
  silent_skip: 'the host continues as if it had made no call',
  use_default: 'the host decides by its own default',
};

/**
 * Writes as lines of text why there is no answer: the plugin was rejected, it was admitted but
 * could not be built with the budget and the functions of a dispatch, or the call fell back.
 */
export function unansweredLines(
  run: DispatchRun,
  outcome: Exclude<DispatchRun['outcome'], { readonly kind: 'ok' }>,
  paint: Paint,
): string[] {
  const { admission } = run;
  if (outcome === undefined) return admissionLines(admission, paint);
  if (outcome.kind === 'fallback') return fallbackLines(run, outcome, paint);
  const verdict = paint('red', 'admitted, but cannot be built to be called');
  return failedLines(`${paint('bold', printable(admission.file))}: ${verdict}`, reportFailure(outcome.error));
}

function fallbackLines(
  { function: name, admission: { accept, file } }: DispatchRun,
  { policy, error }: Extract<Outcome, { kind: 'fallback' }>,
  paint: Paint,
): string[] {
  const reason = pluginWords(error);
  const rows: CellLike[][] = [
    ['policy', `${policy}: ${POLICIES[policy]}`],
    ['stage', error.stage],
    ['error', `${error.failure.kind}: ${printable(error.message)}`],
  ];
  if (reason !== undefined) rows.push(['details', printable(reason)]);
  const said = saidText(error.failure);
  if (said !== undefined) rows.push(['said', said]);
  rows.push(...stackLines(error.failure, file).map((line): CellLike[] => ['trapped', line]));
  if (error.failure.kind === 'MissingNegotiatedVersion') {
    const functions = Object.keys(accept?.chosen_versions ?? {});
    rows.push(['details', `the plugin does not implement ${name}; it implements ${printable(functions.join(', '))}`]);
  }
  const hint = hintFor(error);
  if (hint !== undefined) rows.push(['hint', hint]);
  return [`${paint('bold', name)}: ${paint('red', 'fallback')}`, ...layOutRows(rows, paint)];
}

/**
 * The message of an error leaves out its reason, which can quote the plugin. That of a trap is the
 * engine's, and that of a budget says less than the message.
 */
function pluginWords({ failure }: DispatchError): string | undefined {
  if (failure.kind === 'PluginCall' && (failure.call.kind === 'Trap' || isExhaustion(failure.call))) return undefined;
  return 'reason' in failure ? failure.reason : undefined;
}
