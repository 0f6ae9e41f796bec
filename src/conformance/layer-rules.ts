import { layerHint } from '../hints/index.ts';
import { withStackText } from '../metering/run/stack-text.ts';
import type { AdmissionLayer, LayerReport } from '../protocol/admit.ts';
import { type Check, type Finding, fail, pass, warn } from './check.ts';
import type { Measurement } from './report.ts';
import type { TestHost } from './test-host.ts';

/** What a layer, or a step of admission, reports. */
export interface StepReport {
  /** The fuel that the plugin burnt in it. */
  readonly fuel?: number | undefined;
  readonly error?: { readonly message: string; readonly failure: StepFailure } | undefined;
}

/** Why a layer or a step failed. */
export interface StepFailure {
  readonly kind: string;
  /** Present if the plugin is one of the other generation. */
  readonly generation?: 2;
  /** The rule that was broken, if there are several for one kind. */
  readonly violation?: { readonly kind: string };
}

/**
 * One rule of a layer or a step, which reports the first broken rule: the rules before it hold, and
 * those after it are unknown.
 */
export type StepRule<Host, Report extends StepReport> = Pick<Check, 'id' | 'rule' | 'anchor'> & {
  /** What to report as measured. The check warns above half of its limit. */
  readonly measure?: ((report: Report) => Measurement | undefined) | undefined;
  /** What to change if that is near its limit. */
  readonly nearHint?: string | undefined;
  /** More about a failure: text from the plugin. */
  readonly detail?: ((host: Host) => string | undefined) | undefined;
};

/** One rule of a layer of the protocol. */
export type LayerRule = StepRule<TestHost, LayerReport>;

/** Where the rules of a step find what it reported. */
export interface StepRules<Host, Report extends StepReport> {
  /** In the order in which the host checks them. */
  readonly rules: readonly StepRule<Host, Report>[];
  /** Returns what the step reported; `undefined` if it did not run. */
  readonly reportOf: (host: Host) => Report | undefined;
  /** Returns the id of the check that fails. */
  readonly checkOf: (failure: NonNullable<Report['error']>['failure']) => string | undefined;
  /** Returns what to change after a failure. */
  readonly hintOf: (report: Report) => string | undefined;
  /** The checks that the first one needs. */
  readonly before: readonly string[];
}

/** A check warns if a measurement is above this share of its limit. */
const NEAR = 0.5;

/** The rules of a step as checks. Each needs the check before it. */
export function stepChecks<Host, Report extends StepReport>(step: StepRules<Host, Report>): Check<Host>[] {
  const { rules, before } = step;
  return rules.map(({ id, rule, anchor, ...details }, index) => {
    const previous = rules[index - 1]?.id;
    const needs = previous === undefined ? before : [previous];
    return { id, rule, anchor, needs, run: (host) => judge(host, step, { id, ...details }) };
  });
}

/**
 * The rules of a layer as checks. Each needs the check before it.
 *
 * @param rules in the order in which the host checks them.
 * @param checkOf the id of the check that fails, by the kind of the failure or of its violation;
 * `OtherGeneration` for a plugin of the hook ABI.
 * @param before the checks that the first one needs.
 */
export function layerChecks(
  layer: AdmissionLayer,
  rules: readonly LayerRule[],
  checkOf: Readonly<Record<string, string | undefined>>,
  before: readonly string[],
): Check[] {
  return stepChecks<TestHost, LayerReport>({
    rules,
    reportOf: ({ admission }) => admission.layers.find((report) => report.layer === layer),
    checkOf: ({ generation, violation, kind }: StepFailure) =>
      checkOf[generation === undefined ? (violation?.kind ?? kind) : 'OtherGeneration'],
    hintOf: layerHint,
    before,
  });
}

function judge<Host, Report extends StepReport>(
  host: Host,
  { reportOf, checkOf, hintOf }: StepRules<Host, Report>,
  { id, measure, nearHint, detail }: Pick<StepRule<Host, Report>, 'id' | 'measure' | 'nearHint' | 'detail'>,
): Finding {
  const report = reportOf(host);
  const measured = report && measure?.(report);
  const error = report?.error;
  if (report !== undefined && error !== undefined && checkOf(error.failure) === id) {
    const more = detail?.(host);
    const message = withStackText(error.message, error.failure);
    return fail(more === undefined ? message : `${message}: ${more}`, hintOf(report), measured);
  }
  const { value = 0, limit } = measured ?? {};
  if (limit !== undefined && value > limit * NEAR) {
    return warn(`${value} of at most ${limit} ${measured?.unit}`, measured, nearHint);
  }
  return pass(measured);
}
