// What the runtime is meant to reach, and how far it is: every row looks at all results of a run.

/** The form of ours that the targets are about: the first of the table in ours.ts. */
const OURS = 'ours';
const KB = 1_000;

/** @typedef {{ host: string, microseconds: number, ratio: number }} Timing */
/** @typedef {{ workload: string, name: string, bytes: number, timings: readonly Timing[] }} Result */

const timeOf = ({ timings }, host) => timings.find((timing) => timing.host === host)?.microseconds;
const ratioOf = ({ timings }, host) => timings.find((timing) => timing.host === host)?.ratio;
const known = (values) => values.filter((value) => value !== undefined && Number.isFinite(value));
const least = (values) => (values.length === 0 ? undefined : Math.min(...values));
const greatest = (values) => (values.length === 0 ? undefined : Math.max(...values));

const byteWise = ({ workload, name }) => workload === 'echo' && name.startsWith('echo, byte by byte');
const times = (value) => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} x`;
const kilobytes = (value) => `${(value / KB).toFixed(value < 10 * KB ? 1 : 0)} KB`;

/** How many times as long the reference takes, at the least. */
function againstReference(workload) {
  return ({ results, reference }) => {
    const ratios = results
      .filter((result) => result.workload === workload)
      .map((result) => {
        const theirs = reference.find(({ workload: other, name }) => other === workload && name === result.name);
        return theirs && timeOf(theirs, 'reference') / timeOf(result, OURS);
      });
    return least(known(ratios));
  };
}

/** How time grows from bodies of 64 KB to 10 MB: 1 is in proportion to the request. The worst of the plugins. */
function growth({ results }) {
  const dispatched = results.filter(({ workload }) => workload === 'dispatch');
  const values = dispatched.map((small) => {
    const [, plugin] = /^shape, 64 KB, (.*)$/.exec(small.name) ?? [];
    const large = dispatched.find(({ name }) => name === `shape, 10 MB, ${plugin}`);
    return large && timeOf(large, OURS) / timeOf(small, OURS) / (large.bytes / small.bytes);
  });
  return greatest(known(values));
}

function beyondOwnMemory({ many }) {
  // Where an engine gets too slow before the thousandth, as many as there were then; a few tell nothing.
  const eachOf = (host) => many.find((one) => one.host === host)?.results.findLast(({ count }) => count > 100);
  const [all, own] = [eachOf(OURS), eachOf('floor')];
  return all && own && all.bytesEach - own.bytesEach;
}

/** Limits by runtime: Node 20 has no linked kernel. */
const fast = (limit, onNode20) => (name) => (name === 'node20' ? onNode20 : limit);

/** `value` gives `undefined` when what it needs was not measured. */
const table = [
  {
    what: 'echo byte by byte, 3 KB and above, against Extism JS SDK 1.0',
    limit: fast(40, 10),
    better: 'more',
    show: times,
    value: ({ results }) =>
      least(
        known(results.filter((row) => byteWise(row) && row.bytes >= 3 * KB).map((row) => ratioOf(row, 'extism-1'))),
      ),
  },
  {
    what: 'echo byte by byte, 300 B, against Extism JS SDK 1.0',
    limit: fast(20, 8),
    better: 'more',
    show: times,
    value: ({ results }) =>
      least(known(results.filter((row) => byteWise(row) && row.bytes < KB).map((row) => ratioOf(row, 'extism-1')))),
  },
  {
    what: 'dispatch of shape, 64 KB, against Extism JS SDK 1.0',
    limit: () => 10,
    better: 'more',
    show: times,
    value: ({ results }) =>
      least(
        known(results.filter(({ name }) => name.startsWith('shape, 64 KB')).map((row) => ratioOf(row, 'extism-1'))),
      ),
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

/** Targets that no runtime has a part in. */
const sizes = [
  { what: 'root entry, minified and gzipped', entry: '.', limit: 30 * KB },
  { what: 'entry ./identity, minified and gzipped', entry: './identity', limit: 4 * KB },
];

/**
 * Every target with what was measured on a runtime; those that were not measured are left out.
 * @param {{ name: string, results: readonly Result[], many: readonly object[], reference: readonly Result[] }} measured
 */
export function runtimeTargets({ name, ...measured }) {
  return table.flatMap(({ what, limit: limitOn, better, show, value: measure }) => {
    const [value, limit] = [measure(measured), limitOn(name)];
    if (value === undefined || !Number.isFinite(value)) return [];
    const met = better === 'more' ? value >= limit : value <= limit;
    return [{ what, target: `${better === 'more' ? '>=' : '<='} ${show(limit)}`, value, shown: show(value), met }];
  });
}

/** The same for the sizes of bundles. */
export function sizeTargets(bundles) {
  return sizes.flatMap(({ what, entry, limit }) => {
    const size = bundles.find(({ name }) => name === entry)?.gzippedBytes;
    if (size === undefined) return [];
    return [{ what, target: `<= ${kilobytes(limit)}`, value: size, shown: kilobytes(size), met: size <= limit }];
  });
}
