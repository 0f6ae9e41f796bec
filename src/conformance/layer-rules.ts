import type { AdmissionLayer, LayerReport } from '../protocol/admit.ts';
import { type Check, type Finding, fail, pass, warn } from './check.ts';
import type { Measurement } from './report.ts';
import type { Bench } from './test-host.ts';

/** One rule of a layer. The layer tells the first rule that is broken; those before it hold, those after it were not looked at. */
export type Rung = Pick<Check, 'id' | 'rule' | 'anchor' | 'hint'> & {
  /** What is measured, and the share of its limit from which to warn. */
  readonly measure?: ((layer: LayerReport) => Measurement | undefined) | undefined;
  /** What else there is to say of a failure: in the plugin's own words. */
  readonly detail?: ((bench: Bench) => string | undefined) | undefined;
};

/** The share of a limit from which a check warns. */
const NEAR = 0.5;

/**
 * The rules of a layer as checks, in the order in which the host looks at them.
 *
 * @param checkOf the check that a failure of the layer belongs to, by its kind or that of its violation.
 * @param before the check that must have passed before the first.
 */
export function ladder(
  layer: AdmissionLayer,
  rungs: readonly Rung[],
  checkOf: Readonly<Record<string, string | undefined>>,
  before: readonly string[],
): Check[] {
  return rungs.map(({ measure, detail, ...rung }, index): Check => {
    const previous = rungs[index - 1]?.id;
    const needs = previous === undefined ? before : [previous];
    return {
      ...rung,
      needs,
      run: (bench) => judge(bench, reportOf(bench, layer), checkOf, { id: rung.id, measure, detail }),
    };
  });
}

function reportOf({ admission }: Bench, layer: AdmissionLayer): LayerReport | undefined {
  return admission.layers.find((report) => report.layer === layer);
}

function judge(
  bench: Bench,
  report: LayerReport | undefined,
  checkOf: Readonly<Record<string, string | undefined>>,
  { id, measure, detail }: { id: string; measure: Rung['measure']; detail: Rung['detail'] },
): Finding {
  const measured = report && measure?.(report);
  const error = report?.error;
  if (error !== undefined && checkOf[kindOf(error.failure)] === id) {
    const more = detail?.(bench);
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
