// The part `places` of `npm run bench`: what a call costs on the thread of the host, in a worker
// and in a process.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { markdownTable } from '../../docs/markdown.ts';
import { replaceGenerated } from '../peers/generated-part.ts';
import { duration } from '../peers/report.ts';
import { machine, startOnEach } from '../start-on-runtime.ts';
import { stored } from '../stored.ts';
import { table } from '../table.ts';
import { OURS, type Version } from '../versions.ts';
import { type PlacesReport, type PlacesRun, type PlacesTask, places, sizes } from './places.ts';

/** The part that this file runs, by the name that `--only` takes. */
export const placesPart = 'places';

/** How to run it. */
export interface PlacesEffort {
  /** Names of runtimes. */
  readonly runtimes: readonly string[];
  readonly rounds: number;
  readonly turnMs: number;
  /** Whether to replace the committed results and the table in docs/BENCHMARKS.md. */
  readonly write: boolean;
}

const page = new URL('../../../docs/BENCHMARKS.md', import.meta.url);
const results = new URL('../results/places.json', import.meta.url);

/** Compares the places where plugins run, on each runtime. */
export async function runPlaces({ folder }: Version, { runtimes, rounds, turnMs, write }: PlacesEffort): Promise<void> {
  const entry = (path: string): string => pathToFileURL(join(folder, 'node_modules', OURS, 'dist', path)).href;
  const task: PlacesTask = { host: entry('host/index.js'), wire: entry('protocol/messages/index.js'), rounds, turnMs };
  const reports = await startOnEach<PlacesReport>(runtimes, 'scripts/bench/host/measure-places.ts', task);
  const { text, value } = stored({ machine, rounds, turnMs, runtimes: reports } satisfies PlacesRun);
  console.log(`${table(head, rowsOf(value))}\n`);
  if (!write) return;
  await writeFile(results, text);
  await writeFile(page, replaceGenerated(await readFile(page, 'utf8'), placesPart, placesText(value)));
}

const head = ['median of a call (beyond the direct one)', ...sizes.map(([title]) => title)];

/** One row for each runtime and place. */
function rowsOf({ runtimes }: PlacesRun): string[][] {
  return runtimes.flatMap(({ runtime, medians }) =>
    places.map((place) => [
      `${runtime}, ${place}`,
      ...sizes.map(([title]) => {
        const { direct = Number.NaN, [place]: own = Number.NaN } = medians[title] ?? {};
        return place === 'direct' ? duration(own) : `${duration(own)} (${signed(own - direct)})`;
      }),
    ]),
  );
}

const signed = (us: number): string => (us < 0 ? `-${duration(-us)}` : `+${duration(us)}`);

/** The generated part of docs/BENCHMARKS.md. */
export function placesText(run: PlacesRun): string {
  const { machine: where, rounds, turnMs } = run;
  return [`On ${where}; ${rounds} turns of ${turnMs} ms each.`, markdownTable(head, rowsOf(run))].join('\n\n');
}
