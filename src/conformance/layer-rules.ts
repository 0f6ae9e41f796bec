import type { AdmissionLayer, LayerReport } from '../protocol/admit.ts';
import { type Check, type Finding, fail, pass, warn } from './check.ts';
import type { Measurement } from './report.ts';
import type { TestHost } from './test-host.ts';

/**
 * One rule of a layer. A layer reports the first broken rule: the rules before it hold, and those
 * after it are unknown.
 */
export type LayerRule = Pick<Check, 'id' | 'rule' | 'anchor' | 'hint'> & {
  /** What to report as measured. The check warns above half of its limit. */
  readonly measure?: ((layer: LayerReport) => Measurement | undefined) | undefined;
  /** More about a failure: text from the plugin. */
  readonly detail?: ((host: TestHost) => string | undefined) | undefined;
};

/** A check warns if a measurement is above this share of its limit. */
const NEAR = 0.5;

/**
 * The rules of a layer as checks. Each needs the check before it.
 *
 * @param rules in the order in which the host checks them.
 * @param checkOf the id of the check that fails, by the kind of the failure or of its violation.
 * @param before the checks that the first one needs.
 */
export function layerChecks(
  layer: AdmissionLayer,
  rules: readonly LayerRule[],
  checkOf: Readonly<Record<string, string | undefined>>,
  before: readonly string[],
): Check[] {
  return rules.map(({ measure, detail, ...rule }, index): Check => {
    const previous = rules[index - 1]?.id;
    const needs = previous === undefined ? before : [previous];
    return {
      ...rule,
      needs,
      run: (host) => judge(host, reportOf(host, layer), checkOf, { id: rule.id, measure, detail }),
    };
  });
}

function reportOf({ admission }: TestHost, layer: AdmissionLayer): LayerReport | undefined {
  return admission.layers.find((report) => report.layer === layer);
}

function judge(
  host: TestHost,
  report: LayerReport | undefined,
  checkOf: Readonly<Record<string, string | undefined>>,
  { id, measure, detail }: { id: string; measure: LayerRule['measure']; detail: LayerRule['detail'] },
): Finding {
  const measured = report && measure?.(report);
  const error = report?.error;
  if (error !== undefined && checkOf[kindOf(error.failure)] === id) {
    const more = detail?.(host);
    return fail(more === undefined ? error.message : `${error.message}: ${more}`, undefined, measured);
  }
  const { value = 0, limit } = measured ?? {};
  if (limit !== undefined && value > limit * NEAR) {
    return warn(`${value} of at most ${limit} ${measured?.unit}`, measured);
  }
  return pass(measured);
}

function kindOf(failure: { readonly kind: string; readonly violation?: { readonly kind: string } }): string {
  return failure.violation?.kind ?? failure.kind;
}
