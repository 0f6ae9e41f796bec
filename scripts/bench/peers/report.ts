// What a run of `npm run bench` shows in docs/BENCHMARKS.md: tables and pictures.
import { markdownTable } from '../../docs/markdown.ts';
import { type ChartPoint, lineChart } from './chart.ts';
import type { BenchRun, FoundTarget, MeasuredRuntime } from './results.ts';
import type { Result } from './workloads.ts';

/** Hosts in the order of columns and lines. Those that a run does not have are left out. */
const hostOrder = [
  'ours',
  'instance',
  'ours-unmetered',
  'extism-1',
  'extism-2',
  'reference',
  'plain-kernel',
  'floor',
  'memcpy',
];
/** The lines of pictures: the hosts that a reader would choose from. */
const drawnHosts = hostOrder.filter((host) => host !== 'ours-unmetered');

/** How many plugins are loaded, and candidates dispatched, to see how time and memory grow. */
const COUNTS = [1, 10, 100, 1_000];

/** A picture: the results that it shows. */
interface Picture {
  readonly title: string;
  readonly workload: Result['workload'];
  readonly pick: RegExp;
}

/** The pictures, by the name of the file. */
const pictures: Readonly<Record<string, Picture>> = {
  'echo-bytes': { title: 'Echo, byte by byte', workload: 'echo', pick: /^echo, byte by byte/ },
  'echo-words': { title: 'Echo, eight bytes at a time', workload: 'echo', pick: /^echo, eight bytes/ },
  shape: {
    title: 'Dispatch of shape, a plugin in AssemblyScript',
    workload: 'dispatch',
    pick: /^shape, .* dialect\/dialect$/,
  },
  admission: { title: 'Admission, cold: time by the size of the module', workload: 'admission', pick: /./ },
};

/** The rows of the table of times, by workload and name. */
const shownRows: readonly (readonly [workload: Result['workload'], name: string])[] = [
  ['call', 'empty export, empty input'],
  ['echo', 'echo, byte by byte, 300 B'],
  ['echo', 'echo, byte by byte, 3 KB'],
  ['echo', 'echo, byte by byte, 6.4 MB'],
  ['dispatch', 'filter, 10 candidates, router/router'],
  ['dispatch', 'filter, 10 candidates, rust/router/router'],
  ['dispatch', 'shape, 64 KB, dialect/dialect'],
  ['dispatch', 'shape, 10 MB, dialect/dialect'],
  ['dispatch', 'observe, 32 events, observer/observer'],
  ['admission', 'dialect/dialect'],
  ['admission', 'rust/router/router'],
];

/**
 * Prints a time.
 *
 * @param us microseconds.
 * @returns the time with a unit that fits it.
 */
export function duration(us: number): string {
  if (us >= 1e6) return `${(us / 1e6).toPrecision(3)} s`;
  if (us >= 1e3) return `${Number((us / 1e3).toPrecision(3))} ms`;
  return us >= 0.1 ? `${Number(us.toPrecision(3))} us` : `${Number((us * 1e3).toPrecision(2))} ns`;
}

/** Adds the timings of the reference to a runtime's results. */
function joined({ results }: MeasuredRuntime, reference: readonly Result[]): Result[] {
  return results.map((result) => {
    const theirs = reference.find(({ workload, name }) => workload === result.workload && name === result.name);
    return { ...result, timings: [...result.timings, ...(theirs?.timings ?? [])] };
  });
}

function hostsOf(results: readonly Result[]): string[] {
  return hostOrder.filter((host) => results.some(({ timings }) => timings.some((timing) => timing.host === host)));
}

/**
 * Draws the pictures of one runtime's results.
 *
 * @param measured the runtime's results.
 * @param reference the results of the reference in Rust.
 * @param titles of the hosts, by their names.
 * @returns SVGs by the names of their files: `{ 'shape.svg': '<svg ...' }`.
 */
export function drawPictures(
  measured: MeasuredRuntime,
  reference: readonly Result[],
  titles: BenchRun['titles'],
): Readonly<Record<string, string>> {
  const results = joined(measured, reference);
  const drawn = Object.entries(pictures).flatMap(([file, { title, workload, pick }]) => {
    const rows = results.filter((result) => result.workload === workload && pick.test(result.name));
    if (rows.length === 0) return [];
    const lines = drawnHosts.map((host) => ({
      name: titles[host] ?? host,
      points: rows.flatMap(({ bytes, timings }): ChartPoint[] => {
        const timing = timings.find((one) => one.host === host);
        return timing === undefined ? [] : [[bytes, timing.microseconds]];
      }),
    }));
    return [[`${file}.svg`, lineChart({ title, subtitle: `time of one, ${measured.runtime}; less is better`, lines })]];
  });
  return Object.fromEntries(drawn);
}

/** One row for each aim: before, after, the aim, whether it is met. */
function targetTable(runtimes: readonly MeasuredRuntime[]): string {
  const all = runtimes.flatMap(({ targets }) => targets);
  const names = [...new Set(all.map(({ what }) => what))];
  const cell = (found: FoundTarget | undefined): string => {
    if (found === undefined) return '';
    const { before, shown, target, met } = found;
    const change = before === undefined ? shown : `${before} → ${shown}`;
    return target === undefined ? change : `${change} (${target})${met ? '' : ' **missed**'}`;
  };
  const rows = names.map((what) => {
    const found = runtimes.map(({ targets }) => targets.find((target) => target.what === what));
    return [what, all.find((target) => target.what === what)?.where ?? '', ...found.map(cell)];
  });
  return markdownTable(['', 'measured by', ...runtimes.map(({ runtime }) => runtime)], rows);
}

/** How time and memory grow with the number of plugins and of candidates. */
function growthTable(runtimes: readonly MeasuredRuntime[]): string {
  const plugins = COUNTS.map((count) => [
    `beside ${count.toLocaleString('en')} loaded: KB of each, admission of one more`,
    ...runtimes.map(({ many }) => {
      const own = many.find(({ host }) => host === 'ours')?.results ?? [];
      const found = own.find((one) => one.count === count);
      if (found?.admission === undefined) return '';
      return `${(found.bytesEach / 1e3).toFixed(0)}, ${duration(found.admission)}`;
    }),
  ]);
  const candidates = COUNTS.map((count) => [
    `filter of ${count.toLocaleString('en')}: time for each candidate`,
    ...runtimes.map(({ results }) => {
      const found = results.find(({ name }) => new RegExp(`^filter, ${count} candidates?, router`).test(name));
      const timing = found?.timings.find(({ host }) => host === 'ours');
      return timing === undefined ? '' : duration(timing.microseconds / count);
    }),
  ]);
  return markdownTable(['growth', ...runtimes.map(({ runtime }) => runtime)], [...plugins, ...candidates]);
}

function timeTable(measured: MeasuredRuntime, reference: readonly Result[], titles: BenchRun['titles']): string {
  const results = joined(measured, reference);
  const hosts = hostsOf(results);
  const rows = shownRows.flatMap(([workload, name]): string[][] => {
    const row = results.find((result) => result.workload === workload && result.name === name);
    if (row === undefined) return [];
    const cells = hosts.map((host) => {
      const timing = row.timings.find((one) => one.host === host);
      return timing === undefined ? '' : duration(timing.microseconds);
    });
    return [[workload === 'admission' ? `admission, ${name}` : name, ...cells]];
  });
  return markdownTable([measured.runtime, ...hosts.map((host) => titles[host] ?? host)], rows);
}

/**
 * Writes the part of docs/BENCHMARKS.md that stands between the markers.
 *
 * @param run the measurements.
 * @param files names of the pictures, under scripts/bench/results.
 * @returns Markdown.
 */
export function benchmarksText(
  { machine, versions, against, runtimes, reference, titles }: BenchRun,
  files: readonly string[],
): string {
  const newest = runtimes.find(({ name }) => name === 'node') ?? runtimes[0];
  return [
    `Medians on ${machine}; ${versions.join(', ')}. Only ratios compare.`,
    against === undefined ? '' : `Left of each arrow stands what commit ${against} takes.`,
    targetTable(runtimes),
    growthTable(runtimes),
    newest === undefined ? '' : timeTable(newest, reference, titles),
    ...files.map((file) => `![${pictures[file.replace('.svg', '')]?.title}](../scripts/bench/results/${file})`),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}
