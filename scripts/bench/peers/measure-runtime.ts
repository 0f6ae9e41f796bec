import { findRuntime, type Runtime } from '../../runtimes.mjs';
import type { CodecReport } from '../codec/codec.ts';
import { measureMetering } from '../metering/measure-metering.ts';
import { reportOf } from '../start-on-runtime.ts';
import { table } from '../table.ts';
import { OURS, peers, type Version } from '../versions.ts';
import type { Effort } from './measure.ts';
import type { AssembledModules } from './modules.ts';
import { duration } from './report.ts';
import type { ManyPlugins, MeasuredRuntime, PluginsAtOnce } from './results.ts';

/** What to measure on a runtime. */
export interface RuntimeTask extends Effort {
  readonly parts: readonly string[];
  readonly modules: AssembledModules;
}

/** The parts that run.ts measures, all hosts in one process. */
export const compared = ['kernel', 'dispatch', 'admission'];

const COUNTS = [1, 10, 100, 1_000];
const CODEC_ROUNDS = { rounds: 31, warmUpRounds: 40 };
const manyHosts = ['ours', ...peers, 'floor'];

const kilobytes = (bytes: number): string => (bytes / 1e3).toFixed(1);

/**
 * Measures a version on a runtime, and prints tables.
 *
 * @param name name of the runtime.
 * @param version the package.
 * @param task what to measure.
 * @returns the results; undefined, after printing why, if there is no such runtime, or a process
 * ended early.
 */
export async function measureRuntime(
  name: string,
  version: Version,
  { parts, modules, ...effort }: RuntimeTask,
): Promise<Omit<MeasuredRuntime, 'targets'> | undefined> {
  const found = findRuntime(name);
  if (found === undefined) console.log(`skipped: ${name}: none on this machine that starts\n`);
  if (found === undefined) return undefined;
  console.log(`${found.title}, ${version.name}`);
  const entry = version.entry(OURS);
  const has = (part: string): boolean => parts.includes(part);
  const report = await ask<Pick<MeasuredRuntime, 'titles' | 'results'>>(found, 'peers/run.ts', {
    entry,
    parts: parts.filter((part) => compared.includes(part)),
    modules,
    ...effort,
  });
  if (report === undefined) return undefined;
  return {
    name,
    runtime: found.title,
    ...report,
    many: has('many') ? await measureMany(found, entry, modules) : [],
    metering: has('metering') ? await measureMetering(found, version) : undefined,
    codec: has('codec') ? await ask<CodecReport>(found, 'codec/codec.ts', { entry, ...CODEC_ROUNDS }) : undefined,
  };
}

/** Runs a script and prints what it prints. Sets the exit code if it ends without a report. */
async function ask<Report>(runtime: Runtime, script: string, task: object): Promise<Report | undefined> {
  const { report, text, code } = await reportOf<Report>(runtime, `scripts/bench/${script}`, task);
  if (text.trim() !== '') console.log(text);
  if (report !== undefined) return report;
  console.log(`${runtime.title}: ${script} ended early with exit code ${code}\n`);
  process.exitCode = 1;
  return undefined;
}

/** Measures many plugins at once, each host in a process of its own. */
async function measureMany(found: Runtime, entry: string, { floor }: AssembledModules): Promise<ManyPlugins[]> {
  const all: ManyPlugins[] = [];
  for (const host of manyHosts) {
    const report = await ask<ManyPlugins>(found, 'peers/many.ts', { host, entry, counts: COUNTS, floor });
    if (report !== undefined) all.push(report);
  }
  const cell = ({ count, bytesEach, microsecondsEach, admission }: PluginsAtOnce, column: number): string => {
    const reached = count === COUNTS[column] ? '' : ` (at ${count})`;
    const admitted = admission === undefined ? '' : ` / ${duration(admission)}`;
    return `${kilobytes(bytesEach)} ${duration(microsecondsEach)}${admitted}${reached}`;
  };
  const rows = all.map(({ host, results }) => [host, ...results.map(cell)]);
  const head = ['plugins at once: KB each, time each / admission of one more', ...COUNTS.map(String)];
  console.log(`${table(head, rows)}\n`);
  return all;
}
