// The quick lane of the benchmark, in less than two minutes: what a user meets first.
import { findRuntime, type Runtime } from '../../runtimes.mjs';
import { quantile } from '../alternate.ts';
import { assembleModules } from '../peers/modules.ts';
import { duration } from '../peers/report.ts';
import { type Start, type Started, starts, type Way } from '../start/starts.ts';
import { reportOf } from '../start-on-runtime.ts';
import { table } from '../table.ts';
import { OURS, type Version, versionsOf } from '../versions.ts';
import type { Times } from './warm.ts';

/** What a run of the lane found on a runtime: the times of each row, in milliseconds. */
type Found = ReadonlyMap<string, Times>;

/** What the lane is to do. */
export interface QuickTask {
  readonly runtimes: readonly string[];
  /** The revision to compare the working copy with. */
  readonly against: string | undefined;
  /** How often everything is measured, to see how far the runs are apart. */
  readonly runs: number;
}

const STARTS = 11;
const PROCESSES = 5;
const PEER = 'extism-2';

/** The rows, and what each is compared with. */
const rowNames: Readonly<Record<string, string | undefined>> = {
  import: 'Extism JS 2.0',
  'import to first dispatch': 'Extism JS 2.0',
  'the same, prepared': 'Extism JS 2.0',
  'the same, by ./prepared': 'Extism JS 2.0',
  'the same, ./prepared in a bundle': 'Extism JS 2.0',
  'cold admission, 26 KB': 'Extism JS 2.0',
  'cold admission, 146 KB': 'Extism JS 2.0',
  'cold admission, 2.2 MB': 'Extism JS 2.0',
  'admission again, 26 KB': 'ours unmetered',
  'admission again, 146 KB': 'ours unmetered',
  'dispatch of filter, 10 candidates': 'the export alone',
  'dispatch of shape, 64 KB': 'Extism JS 2.0',
  'empty call, beyond the export alone': undefined,
};

/**
 * Measures the working copy, and the revision if there is one, and prints tables.
 *
 * @throws {Error} if a version does not build, or a process fails.
 */
export async function runQuick({ runtimes, against, runs }: QuickTask): Promise<void> {
  const versions = (await versionsOf(against)).filter((version) => version !== undefined);
  const modules = await assembleModules();
  const found = runtimes.flatMap((name) => {
    const runtime = findRuntime(name);
    if (runtime === undefined) console.log(`skipped: ${name}: none on this machine that starts`);
    return runtime === undefined ? [] : [runtime];
  });
  const all: (readonly (readonly Found[])[])[] = [];
  for (let count = 0; count < runs; count++) {
    const byRuntime: (readonly Found[])[] = [];
    for (const runtime of found) byRuntime.push(await measureOn(runtime, versions, modules));
    all.push(byRuntime);
    printRun(found, byRuntime, against);
  }
  if (runs > 1) printSpread(found, all);
}

/** Measures the versions on a runtime, a process of one and a process of the next in turn. */
async function measureOn(runtime: Runtime, versions: readonly Version[], modules: object): Promise<Found[]> {
  const rounds = versions.map((): Map<string, Times>[] => []);
  const starters: ReadonlyMap<Way, Start>[] = [];
  for (const version of versions) starters.push(await starts(runtime, version));
  for (let turn = 0; turn < STARTS; turn++) {
    for (const [index, start] of inTurn(starters, turn)) rounds[index]?.push(await startOnce(start));
  }
  for (let turn = 0; turn < PROCESSES; turn++) {
    for (const [index, version] of inTurn(versions, turn)) {
      const task = { entry: version.entry(OURS), modules };
      const { report, code } = await reportOf<{ readonly rows: Readonly<Record<string, Times>> }>(
        runtime,
        'scripts/bench/quick/warm.ts',
        task,
      );
      if (report === undefined) throw new Error(`${runtime.title}: ${version.name}: exit code ${code}`);
      rounds[index]?.push(new Map(Object.entries(report.rows)));
    }
  }
  return rounds.map(lowerQuartiles);
}

/** Each one first in every other turn. */
function inTurn<T>(all: readonly T[], turn: number): (readonly [index: number, one: T])[] {
  const entries = [...all.entries()];
  return turn % 2 === 0 ? entries : entries.reverse();
}

/** What each row starts. */
const started: readonly (readonly [row: string, way: Way, key: keyof Started])[] = [
  ['import', 'ours', 'importMs'],
  ['import to first dispatch', 'ours', 'ms'],
  ['the same, prepared', 'ours, prepared', 'ms'],
  ['the same, by ./prepared', './prepared', 'ms'],
  ['the same, ./prepared in a bundle', './prepared, bundled', 'ms'],
];

async function startOnce(ways: ReadonlyMap<Way, Start>): Promise<Map<string, Times>> {
  const once = new Map<Way, Started>();
  for (const way of [...new Set(started.map(([, each]) => each)), PEER] as const) {
    const found = await ways.get(way)?.();
    if (found !== undefined) once.set(way, found);
  }
  const times = started.flatMap(([row, way, key]): [string, Times][] => {
    const [ours, theirs] = [once.get(way), once.get(PEER)];
    return ours === undefined || theirs === undefined ? [] : [[row, [ours[key], theirs[key]]]];
  });
  return new Map(times);
}

/** A process that others disturbed says little: the lower quartile is nearer to a quiet machine. */
function lowerQuartiles(rounds: readonly ReadonlyMap<string, Times>[]): Found {
  const entries = Object.keys(rowNames).map((name): readonly [string, Times] => {
    const times = rounds.map((round) => round.get(name)).filter((found) => found !== undefined);
    return [name, [quartile(times.map(([ours]) => ours)), quartile(times.map(([, peer]) => peer))]];
  });
  return new Map(entries);
}

const quartile = (values: readonly number[]): number => quantile(values, 0.25);
const timesOf = (found: Found | undefined, name: string): Times => found?.get(name) ?? [Number.NaN, Number.NaN];
const ms = (milliseconds: number): string => duration(milliseconds * 1e3);

function printRun(runtimes: readonly Runtime[], byRuntime: readonly (readonly Found[])[], against?: string): void {
  const titles = runtimes.map(({ title }) => title);
  const rows = Object.entries(rowNames).map(([name, peer]) => [
    peer === undefined ? name : `${name}, / ${peer}`,
    ...byRuntime.map(([now]) => {
      const [ours, theirs] = timesOf(now, name);
      if (!Number.isFinite(ours)) return '';
      return peer === undefined ? ms(ours) : `${ms(ours)}  ${(ours / theirs).toFixed(2)}`;
    }),
  ]);
  console.log(`${table(['time, and ratio', ...titles], rows)}\n`);
  if (against === undefined) return;
  const compared = Object.keys(rowNames).map((name) => [
    name,
    ...byRuntime.map(([now, before]) => {
      const [[after], [earlier]] = [timesOf(now, name), timesOf(before, name)];
      if (!Number.isFinite(after + earlier)) return '';
      return `${ms(earlier)} -> ${ms(after)}  ${(after / earlier).toFixed(2)}`;
    }),
  ]);
  console.log(`${table([`${against} -> now, and ratio`, ...titles], compared)}\n`);
}

/** How far the runs are apart: the greatest ratio over the least. */
function printSpread(runtimes: readonly Runtime[], all: readonly (readonly (readonly Found[])[])[]): void {
  const rows = Object.keys(rowNames).map((name) => [
    name,
    ...runtimes.map((_, index) => {
      const times = all.map((byRuntime) => timesOf(byRuntime[index]?.[0], name));
      return [times.map(([ours]) => ours), times.map(([ours, theirs]) => ours / theirs)]
        .filter((values) => values.every(Number.isFinite))
        .map((values) => (Math.max(...values) / Math.min(...values)).toFixed(2))
        .join('  ');
    }),
  ]);
  console.log(
    `${table([`greatest / least of ${all.length}: time, ratio`, ...runtimes.map(({ title }) => title)], rows)}\n`,
  );
}
