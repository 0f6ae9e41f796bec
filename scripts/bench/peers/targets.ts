// The targets of the benchmark. Every row looks at all results of a run.
import type { BundleSize } from './bundles.ts';
import type { FoundTarget, ManyPlugins } from './results.ts';
import type { Result } from './workloads.ts';

/** The form of ours that the targets are about: the first of the table in ours.ts. */
const OURS = 'ours';
const KB = 1_000;

/** What a target is computed from. */
interface Measured {
  readonly results: readonly Result[];
  readonly many: readonly ManyPlugins[];
  readonly reference: readonly Result[];
}

/** One target. */
interface Target {
  readonly what: string;
  /** The limit on a runtime, by the name of the runtime. */
  readonly limit: (runtime: string) => number;
  readonly better: 'more' | 'less';
  readonly show: (value: number) => string;
  /** Undefined or not finite if what it needs was not measured. */
  readonly value: (measured: Measured) => number | undefined;
}

// A time that was not measured is NaN, and so is everything computed from it.
const timeOf = ({ timings }: Result, host: string): number =>
  timings.find((timing) => timing.host === host)?.microseconds ?? Number.NaN;
const ratioOf = ({ timings }: Result, host: string): number =>
  timings.find((timing) => timing.host === host)?.ratio ?? Number.NaN;
const least = (values: readonly number[]): number => Math.min(...values.filter(Number.isFinite));
const greatest = (values: readonly number[]): number => Math.max(...values.filter(Number.isFinite));

const byteWise = ({ workload, name }: Result): boolean => workload === 'echo' && name.startsWith('echo, byte by byte');
const times = (value: number): string => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} x`;
const kilobytes = (value: number): string => `${(value / KB).toFixed(value < 10 * KB ? 1 : 0)} KB`;

/** The least factor by which the reference takes longer. */
function againstReference(workload: Result['workload']): Target['value'] {
  return ({ results, reference }) => {
    const ratios = results
      .filter((result) => result.workload === workload)
      .flatMap((result) => {
        const theirs = reference.find(({ workload: other, name }) => other === workload && name === result.name);
        return theirs === undefined ? [] : [timeOf(theirs, 'reference') / timeOf(result, OURS)];
      });
    return least(ratios);
  };
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

function beyondOwnMemory({ many }: Measured): number | undefined {
  // An engine that gets too slow before the thousandth plugin counts with those that it has loaded,
  // if they are more than a few.
  const eachOf = (host: string) => many.find((one) => one.host === host)?.results.findLast(({ count }) => count > 100);
  const [all, own] = [eachOf(OURS), eachOf('floor')];
  return all && own && all.bytesEach - own.bytesEach;
}

/** A limit that differs on Node 20, which has no linked kernel. */
const fast =
  (limit: number, onNode20: number) =>
  (name: string): number =>
    name === 'node20' ? onNode20 : limit;

const table: readonly Target[] = [
  {
    what: 'echo byte by byte, 3 KB and above, against Extism JS SDK 1.0',
    limit: fast(40, 10),
    better: 'more',
    show: times,
    value: ({ results }) =>
      least(results.filter((row) => byteWise(row) && row.bytes >= 3 * KB).map((row) => ratioOf(row, 'extism-1'))),
  },
  {
    what: 'echo byte by byte, 300 B, against Extism JS SDK 1.0',
    limit: fast(20, 8),
    better: 'more',
    show: times,
    value: ({ results }) =>
      least(results.filter((row) => byteWise(row) && row.bytes < KB).map((row) => ratioOf(row, 'extism-1'))),
  },
  {
    what: 'dispatch of shape, 64 KB, against Extism JS SDK 1.0',
    limit: () => 10,
    better: 'more',
    show: times,
    value: ({ results }) =>
      least(results.filter(({ name }) => name.startsWith('shape, 64 KB')).map((row) => ratioOf(row, 'extism-1'))),
  },
  {
    what: 'fixed cost of a call, over the bare export call',
    limit: () => 1,
    better: 'less',
    show: (value) => `${value.toFixed(2)} us`,
    value: ({ results }) => {
      const row = results.find(({ workload }) => workload === 'call');
      return row && timeOf(row, OURS) - timeOf(row, 'floor');
    },
  },
  {
    what: 'admission, cold, against the reference in Rust',
    limit: () => 5,
    better: 'more',
    show: times,
    value: againstReference('admission'),
  },
  {
    what: 'dispatch against the reference in Rust, at every size',
    limit: () => 1,
    better: 'more',
    show: (value) => `${value.toFixed(2)} x`,
    value: againstReference('dispatch'),
  },
  {
    what: 'growth of dispatch from 64 KB to 10 MB, in parts of proportional',
    limit: () => 1.2,
    better: 'less',
    show: (value) => value.toFixed(2),
    value: growth,
  },
  {
    what: '1,000 plugins loaded, each beyond its own memory',
    limit: () => 300 * KB,
    better: 'less',
    show: kilobytes,
    value: beyondOwnMemory,
  },
];

/** Targets that do not depend on a runtime. */
const sizes = [
  { what: 'root entry, minified and gzipped', entry: '.', limit: 30 * KB },
  { what: 'entry ./identity, minified and gzipped', entry: './identity', limit: 4 * KB },
];

/**
 * Compares what was measured on a runtime with the targets.
 *
 * @param measured the measurements, and the name of the runtime.
 * @returns the targets; those that were not measured are left out.
 */
export function runtimeTargets({ name, ...measured }: Measured & { readonly name: string }): FoundTarget[] {
  return table.flatMap(({ what, limit: limitOn, better, show, value: measure }) => {
    const [value, limit] = [measure(measured), limitOn(name)];
    if (value === undefined || !Number.isFinite(value)) return [];
    const met = better === 'more' ? value >= limit : value <= limit;
    return [{ what, target: `${better === 'more' ? '>=' : '<='} ${show(limit)}`, value, shown: show(value), met }];
  });
}

/**
 * Compares the sizes of bundles with the targets.
 *
 * @param bundles the sizes.
 * @returns the targets; those that were not measured are left out.
 */
export function sizeTargets(bundles: readonly BundleSize[]): FoundTarget[] {
  return sizes.flatMap(({ what, entry, limit }) => {
    const size = bundles.find(({ name }) => name === entry)?.gzippedBytes;
    if (size === undefined) return [];
    return [{ what, target: `<= ${kilobytes(limit)}`, value: size, shown: kilobytes(size), met: size <= limit }];
  });
}
