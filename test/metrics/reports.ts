import { METRICS, type Metric, type Telemetry } from '../../src/metrics/index.ts';

/** The largest value by which a plugin can raise a counter. */
export const U64_MAX = 2n ** 64n - 1n;

/** Reports each metric of the package once, with the value 1 and the label `x`. */
export function reportAll({ counter, histogram, gauge }: Telemetry): void {
  const report = { counter, histogram, gauge };
  for (const [name, { kind, labels }] of Object.entries<Metric>(METRICS)) {
    report[kind]?.(name, 1, Object.fromEntries(labels.map((label) => [label, 'x'])));
  }
}
