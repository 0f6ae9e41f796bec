import { type Metric, metricOf } from './table.ts';

/** Upper bounds of the buckets of histograms by the unit that they measure. */
const buckets: Partial<Record<Metric['unit'], readonly number[]>> = {
  second: [1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  byte: [256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216],
  fuel: [1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10],
};

/** Returns the upper bounds of a histogram's buckets. */
export function bucketsOf(name: string): readonly number[] {
  const unit = metricOf(name)?.unit;
  return (unit && buckets[unit]) ?? [];
}

/** Returns what a metric measures. A metric that is not in the table is one that a plugin chose. */
export function helpOf(name: string): string {
  return metricOf(name)?.help ?? 'a counter whose name a plugin chose';
}

/** Returns what finds an instrument by its name, and makes it when it is first needed. */
export function instruments<Instrument>(
  make: (name: string, labels: Readonly<Record<string, string>>) => Instrument,
): (name: string, labels: Readonly<Record<string, string>>) => Instrument {
  const made = new Map<string, Instrument>();
  return (name, labels) => {
    const instrument = made.get(name) ?? make(name, labels);
    made.set(name, instrument);
    return instrument;
  };
}
