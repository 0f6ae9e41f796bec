// The part `start` of `npm run bench`: from the import of a package to its first dispatch, each
// time in a new process.
import { readFile, writeFile } from 'node:fs/promises';
import { markdownTable } from '../../docs/markdown.ts';
import { findRuntime, type Runtime } from '../../runtimes.mjs';
import { quantile } from '../alternate.ts';
import { replaceGenerated } from '../peers/generated-part.ts';
import { duration } from '../peers/report.ts';
import { machine } from '../start-on-runtime.ts';
import { stored } from '../stored.ts';
import { table } from '../table.ts';
import type { Version } from '../versions.ts';
import { type Started, starts, type Way } from './starts.ts';

/** The part that this file runs, by the name that `--only` takes. */
export const startPart = 'start';

/** How to run it. */
export interface StartEffort {
  /** Names of runtimes. */
  readonly runtimes: readonly string[];
  /** How often each way starts. */
  readonly rounds: number;
  /** Whether to replace the committed results and the table in docs/BENCHMARKS.md. */
  readonly write: boolean;
}

/** What was measured on a runtime: the lower quartiles of each way. */
interface StartedOnRuntime {
  /** Its name among `runtimeNames`. */
  readonly name: string;
  /** Its name and version. */
  readonly runtime: string;
  readonly times: Readonly<Partial<Record<Way, Started>>>;
}

/** A run of the part; scripts/bench/results/start.json holds one. */
export interface StartRun {
  readonly machine: string;
  readonly rounds: number;
  readonly runtimes: readonly StartedOnRuntime[];
}

/** A row: one way in parts of another, and the aim on each runtime. */
interface StartRow {
  readonly what: string;
  readonly ours: Way;
  readonly peer: Way;
  readonly key: keyof Started;
  readonly aims?: Readonly<Record<string, number>>;
}

const PREPARED_AIMS = { node: 0.4, deno: 1, bun: 1 };

const rows: readonly StartRow[] = [
  {
    what: 'import of the root entry',
    ours: 'ours',
    peer: 'extism-2',
    key: 'importCpuMs',
    aims: { node: 1.3, node20: 1.2, deno: 0.9, bun: 1.2 },
  },
  {
    what: 'import to first dispatch, 26 KB, from bytes',
    ours: 'ours',
    peer: 'extism-2',
    key: 'cpuMs',
    aims: { node: 0.9, node20: 1.3, deno: 2.3, bun: 2.5 },
  },
  { what: 'the same, prepared module', ours: 'ours, prepared', peer: 'extism-2', key: 'cpuMs' },
  {
    what: 'the same, prepared module, by `./prepared`',
    ours: './prepared',
    peer: 'extism-2',
    key: 'cpuMs',
    aims: PREPARED_AIMS,
  },
  {
    what: 'the same, `./prepared` in a bundle',
    ours: './prepared, bundled',
    peer: 'extism-2',
    key: 'cpuMs',
    aims: PREPARED_AIMS,
  },
  {
    what: 'the same, `./prepared` and Extism JS 2.0 in a bundle each',
    ours: './prepared, bundled',
    peer: 'extism-2, bundled',
    key: 'cpuMs',
    aims: PREPARED_AIMS,
  },
];

const page = new URL('../../../docs/BENCHMARKS.md', import.meta.url);
const results = new URL('../results/start.json', import.meta.url);

/** Measures a version on each runtime, and prints a table. */
export async function runStart(version: Version, { runtimes, rounds, write }: StartEffort): Promise<void> {
  const all: StartedOnRuntime[] = [];
  for (const name of runtimes) {
    const found = findRuntime(name);
    if (found === undefined) console.log(`skipped: ${name}: none on this machine that starts\n`);
    else all.push({ name, runtime: found.title, times: await measureOn(found, version, rounds) });
  }
  const { text, value } = stored({ machine, rounds, runtimes: all } satisfies StartRun);
  console.log(`${table(headOf(value), cellsOf(value))}\n`);
  if (!write) return;
  await writeFile(results, text);
  await writeFile(page, replaceGenerated(await readFile(page, 'utf8'), startPart, startText(value)));
}

/** A process of one way, then one of the next. */
async function measureOn(runtime: Runtime, version: Version, rounds: number): Promise<StartedOnRuntime['times']> {
  const started = new Map<Way, Started[]>();
  const ways = await starts(runtime, version);
  for (let round = 0; round < rounds; round++) {
    for (const [way, start] of ways) started.set(way, [...(started.get(way) ?? []), await start()]);
  }
  // A process that others disturbed says little: the lower quartile is nearer to a quiet machine.
  const quartile = (times: readonly Started[], key: keyof Started): number =>
    quantile(
      times.map((one) => one[key]),
      0.25,
    );
  const quartiles = [...started].map(([way, times]): [Way, Started] => [
    way,
    {
      importMs: quartile(times, 'importMs'),
      ms: quartile(times, 'ms'),
      importCpuMs: quartile(times, 'importCpuMs'),
      cpuMs: quartile(times, 'cpuMs'),
    },
  ]);
  return Object.fromEntries(quartiles);
}

const headOf = ({ runtimes }: StartRun): string[] => [
  'processor time (in parts of Extism JS 2.0, and the aim)',
  ...runtimes.map(({ runtime }) => runtime),
];

function cellsOf({ runtimes }: StartRun): string[][] {
  return rows.map(({ what, ours, peer, key, aims = {} }) => [
    what,
    ...runtimes.map(({ name, times }) => {
      const [own, theirs] = [times[ours]?.[key], times[peer]?.[key]];
      if (own === undefined || theirs === undefined) return '';
      const [ratio, aim] = [own / theirs, aims[name]];
      const shown = `${duration(own * 1e3)} (${ratio.toFixed(2)}`;
      if (aim === undefined) return `${shown})`;
      return `${shown}, <= ${aim.toFixed(2)})${ratio <= aim ? '' : ' **missed**'}`;
    }),
  ]);
}

/** The generated part of docs/BENCHMARKS.md. */
export function startText(run: StartRun): string {
  return [
    `On ${run.machine}; lower quartiles of ${run.rounds} processes each.`,
    markdownTable(headOf(run), cellsOf(run)),
  ].join('\n\n');
}
