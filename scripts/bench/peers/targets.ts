// The aims of the benchmark. Every row looks at all results of a run.

import { median } from '../alternate.ts';
import type { FoundTarget, ManyPlugins, MeasuredRuntime } from './results.ts';
import type { Result } from './workloads.ts';

/** The form of ours that the aims are about: the first of the table in ours.ts. */
const OURS = 'ours';
const PEER = 'extism-2';
const KB = 1_000;

/** What an aim is computed from. */
type Measured = Omit<MeasuredRuntime, 'runtime' | 'titles' | 'targets'> & { readonly reference: readonly Result[] };

/** The limit on each runtime; undefined where there is none. */
type Limits = Readonly<Record<string, number | undefined>>;

/** One aim. */
interface Target {
  readonly what: string;
  /** The part of the benchmark that measures it: what `--only` takes. */
  readonly part: string;
  readonly limits: Limits;
  /** The limit in parts of what the revision takes that is compared. */
  readonly partOfBefore?: number;
  /** Whether more is better. */
  readonly more?: boolean;
  readonly show: (value: number) => string;
  /** NaN or infinite if what it needs was not measured. */
  readonly value: (measured: Measured) => number;
}

const onAll = (limit: number): Limits => ({ node: limit, node20: limit, deno: limit, bun: limit });
const except = (limit: number, others: Limits): Limits => ({ ...onAll(limit), ...others });

// A time that was not measured is NaN, and so is everything computed from it.
const timeOf = ({ timings }: Result, host: string): number =>
  timings.find((timing) => timing.host === host)?.microseconds ?? Number.NaN;
const sorted = (values: readonly number[]): number[] => values.filter(Number.isFinite).sort((a, b) => a - b);
const least = (values: readonly number[]): number => sorted(values)[0] ?? Number.NaN;
const greatest = (values: readonly number[]): number => sorted(values).at(-1) ?? Number.NaN;

const ratio = (value: number): string => value.toFixed(2);
const times = (value: number): string => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} x`;
const kilobytes = (value: number): string => `${(value / KB).toFixed(value < 10 * KB ? 1 : 0)} KB`;

/** Times of ours in parts of another host's, of the rows that are picked. */
const ratios = ({ results }: Measured, host: string, pick: (result: Result) => boolean): number[] =>
  results.filter(pick).map((result) => timeOf(result, OURS) / timeOf(result, host));

/** Cold admission of a plugin, in parts of the peer's. */
const admission =
  (name: string): Target['value'] =>
  (measured) =>
    least(ratios(measured, PEER, (row) => row.workload === 'admission' && row.name === name));

/** By what factors the reference takes longer, in dispatch. */
function againstReference({ results, reference }: Measured): number[] {
  return results
    .filter(({ workload }) => workload === 'dispatch')
    .map((result) => {
      const theirs = reference.find(({ workload, name }) => workload === 'dispatch' && name === result.name);
      return theirs === undefined ? Number.NaN : timeOf(theirs, 'reference') / timeOf(result, OURS);
    })
    .filter(Number.isFinite);
}

/**
 * How time grows from bodies of 64 KB to 10 MB, for the worst plugin: 1 is in proportion to the
 * request.
 */
function growth({ results }: Measured): number {
  const dispatched = results.filter(({ workload }) => workload === 'dispatch');
  const values = dispatched.flatMap((small) => {
    const [, plugin] = /^shape, 64 KB, (.*)$/.exec(small.name) ?? [];
    const large = dispatched.find(({ name }) => name === `shape, 10 MB, ${plugin}`);
    return large === undefined ? [] : [timeOf(large, OURS) / timeOf(small, OURS) / (large.bytes / small.bytes)];
  });
  return greatest(values);
}

function beyondOwnMemory({ many }: Measured): number {
  // An engine that gets too slow before the thousandth plugin counts with those that it has loaded,
  // if they are more than a few.
  const eachOf = (host: string): number => {
    const found: ManyPlugins | undefined = many.find((one) => one.host === host);
    return found?.results.findLast(({ count }) => count > 100)?.bytesEach ?? Number.NaN;
  };
  return eachOf(OURS) - eachOf('floor');
}

const interpreter =
  (name: string): Target['value'] =>
  ({ metering }) =>
    metering?.interpreters.find((one) => one.name === name)?.ratio ?? Number.NaN;

const table: readonly Target[] = [
  {
    what: 'cold admission, 26 KB, / Extism JS 2.0',
    part: 'admission',
    limits: except(2.3, { bun: 4 }),
    show: ratio,
    value: admission('router/router'),
  },
  {
    what: 'cold admission, 146 KB, / Extism JS 2.0',
    part: 'admission',
    limits: except(2, { bun: 2.5 }),
    show: ratio,
    value: admission('rust/router/router'),
  },
  {
    what: 'cold admission, 2.2 MB, / Extism JS 2.0',
    part: 'admission',
    limits: except(4, { bun: 3 }),
    show: ratio,
    value: admission('rust/router/router, its code 15 times'),
  },
  {
    what: 'the same plugin admitted again, / ours unmetered, the worst of 26 KB, 146 KB, 2.2 MB',
    part: 'admission',
    limits: onAll(1.2),
    show: ratio,
    value: (measured) =>
      greatest(
        ratios(
          measured,
          'ours-unmetered',
          ({ workload, name }) => workload === 'admission, warm' && /^(rust\/)?router\/router/.test(name),
        ),
      ),
  },
  {
    what: 'fixed cost of a call, over the bare export',
    part: 'kernel',
    limits: onAll(0.25),
    show: (value) => `${value.toFixed(2)} us`,
    value: ({ results }) => {
      return least(
        results.filter(({ workload }) => workload === 'call').map((row) => timeOf(row, OURS) - timeOf(row, 'floor')),
      );
    },
  },
  {
    what: 'dispatch of filter, 10 candidates, / the export alone, the worse of two plugins',
    part: 'dispatch',
    limits: onAll(1.3),
    show: ratio,
    value: (measured) => greatest(ratios(measured, 'floor', ({ name }) => name.startsWith('filter, 10 candidates'))),
  },
  {
    what: 'dispatch, times as fast as the reference in Rust, the least of all rows',
    part: 'dispatch,reference',
    limits: except(1, { node20: 0.8 }),
    more: true,
    show: ratio,
    value: (measured) => least(againstReference(measured)),
  },
  {
    what: 'the same, the median',
    part: 'dispatch,reference',
    limits: {},
    show: ratio,
    value: (measured) => median(againstReference(measured)),
  },
  {
    what: 'shape, 64 KB, times as fast as Extism JS 2.0, the least of two plugins',
    part: 'dispatch',
    limits: { node20: 8 },
    more: true,
    show: times,
    value: (measured) => 1 / greatest(ratios(measured, PEER, ({ name }) => name.startsWith('shape, 64 KB'))),
  },
  {
    what: 'echo byte by byte, 3 KB and above, times as fast as Extism JS 2.0',
    part: 'kernel',
    limits: except(40, { node20: 10 }),
    more: true,
    show: times,
    value: (measured) =>
      1 /
      greatest(ratios(measured, PEER, ({ name, bytes }) => name.startsWith('echo, byte by byte') && bytes >= 3 * KB)),
  },
  {
    what: 'growth of dispatch from 64 KB to 10 MB, in parts of proportional',
    part: 'dispatch',
    limits: onAll(1.2),
    show: ratio,
    value: growth,
  },
  {
    what: 'dispatch of filter, 2 KB, share beyond the call',
    part: 'codec',
    limits: {},
    partOfBefore: 0.5,
    show: (value) => `${(value * 100).toFixed(0)} %`,
    value: ({ codec }) => codec?.shareOfDispatch ?? Number.NaN,
  },
  {
    what: 'metering, mean of twelve programs',
    part: 'metering',
    limits: onAll(1.15),
    show: ratio,
    value: ({ metering }) => metering?.geometricMean ?? Number.NaN,
  },
  {
    what: 'metered / plain, SQLite, a recursive query',
    part: 'metering',
    limits: except(1.35, { bun: 1.6 }),
    show: ratio,
    value: interpreter('sqlite'),
  },
  {
    what: 'metered / plain, QuickJS, fib and an object',
    part: 'metering',
    limits: except(1.35, { bun: 1.6 }),
    show: ratio,
    value: interpreter('quickjs'),
  },
  {
    what: 'rewriting of over 1 MB of code, the least',
    part: 'metering',
    limits: onAll(40),
    more: true,
    show: (value) => `${value.toFixed(0)} MB/s`,
    value: ({ metering }) => least((metering?.rewriting ?? []).map(({ megabytesPerSecond }) => megabytesPerSecond)),
  },
  {
    what: '1,000 plugins loaded, each beyond its own memory',
    part: 'many',
    limits: onAll(100 * KB),
    show: kilobytes,
    value: beyondOwnMemory,
  },
];

const where = (part: string): string => `bench --only ${part}`;

/**
 * Compares what was measured on a runtime with the aims.
 *
 * @param measured the measurements, and the name of the runtime.
 * @returns the aims; those that were not measured are left out.
 */
export function runtimeTargets(measured: Measured): FoundTarget[] {
  return table.flatMap(({ what, part, limits, more = false, show, value: measure }): FoundTarget[] => {
    const [value, limit] = [measure(measured), limits[measured.name]];
    if (!Number.isFinite(value)) return [];
    const found = { what, where: where(part), value, shown: show(value) };
    if (limit === undefined) return [{ ...found, met: true }];
    const target = `${more ? '>=' : '<='} ${show(limit)}`;
    return [{ ...found, target, met: more ? value >= limit : value <= limit }];
  });
}

/** Puts what was found before beside what is found now. */
export function besides(now: readonly FoundTarget[], before: readonly FoundTarget[]): FoundTarget[] {
  return now.map((target) => {
    const earlier = before.find(({ what }) => what === target.what);
    if (earlier === undefined) return target;
    const both = { ...target, before: earlier.shown };
    const { partOfBefore, show } = table.find(({ what }) => what === target.what) ?? {};
    if (partOfBefore === undefined || show === undefined) return both;
    const limit = earlier.value * partOfBefore;
    return { ...both, target: `<= ${show(limit)}`, met: target.value <= limit };
  });
}
