// What the benchmarks share: which runtimes they run on, a process on each, and the machine.
import { spawn } from 'node:child_process';
import { cpus, release, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';
import { reportLabel } from '../child-report.ts';
import { findRuntime, type Runtime } from '../runtimes.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GiB`;

/** Processor, memory and system, on one line. */
export const machine = [
  `${cpus().length} x ${cpus()[0]?.model.trim()}`,
  memory,
  `${type()} ${release()} ${process.arch}`,
].join(', ');

/**
 * Splits an option's value into names.
 *
 * @param option the option's name.
 * @param value names, separated by commas.
 * @param known the names that are allowed.
 * @returns the names.
 * @throws {Error} if a name is not known.
 */
export function chosen(option: string, value: string, known: readonly string[]): string[] {
  const names = value.split(',').filter((name) => name !== '');
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`--${option} ${unknown}: expected some of ${known}`);
  return names;
}

/**
 * Runs a script on runtimes, one after another, and prints what it prints. The script gets its
 * task, as JSON, on its standard input, and prints a line `report: {...}`. The exit code is set to
 * 1 if a script ends without one.
 *
 * @param runtimes names of runtimes.
 * @param script path from the root of the repository.
 * @param task what the script gets.
 * @returns the reports, each with the title of its runtime.
 */
export async function startOnEach<Report extends object>(
  runtimes: readonly string[],
  script: string,
  task: object,
): Promise<(Report & { readonly runtime: string })[]> {
  const reports: ((Report & { readonly runtime: string }) | undefined)[] = [];
  for (const name of runtimes) {
    const found = findRuntime(name);
    if (found === undefined) console.log(`skipped: ${name}: none on this machine that starts\n`);
    else reports.push(await start<Report>(found, script, task));
  }
  return reports.filter((report) => report !== undefined);
}

async function start<Report extends object>(
  runtime: Runtime,
  script: string,
  task: object,
): Promise<(Report & { readonly runtime: string }) | undefined> {
  console.log(runtime.title);
  const { code, report, text } = await reportOf<Report>(runtime, script, task);
  console.log(text);
  if (code === 0 && report !== undefined) return { ...report, runtime: runtime.title };
  console.log(`${runtime.title}: ended early with exit code ${code}`);
  process.exitCode = 1;
  return undefined;
}

/** How a script ended. */
export interface ScriptEnd<Report> {
  /** The exit code, or null if a signal ended it. */
  readonly code: number | null;
  /** What it reported; undefined if it ended before that. */
  readonly report: Report | undefined;
  /** What else it printed. */
  readonly text: string;
}

/**
 * Runs a script on a runtime, as {@link startOnEach} does, and prints nothing.
 *
 * @param runtime what `findRuntime` returns.
 * @param script path from the root of the repository.
 * @param task what the script gets.
 * @returns how the script ended.
 */
export async function reportOf<Report>(
  { command, args }: Pick<Runtime, 'command' | 'args'>,
  script: string,
  task: object,
): Promise<ScriptEnd<Report>> {
  const child = spawn(command, [...args, script], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, NODE_NO_WARNINGS: '1', DENO_NO_UPDATE_CHECK: '1' },
  });
  child.stdin.end(JSON.stringify(task));
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => child.on('close', resolve).on('error', reject));
  const lines = output.split('\n');
  const line = lines.find((text) => text.startsWith(reportLabel));
  // The cast: the caller names what its script reports.
  const report = line === undefined ? undefined : (JSON.parse(line.slice(reportLabel.length)) as Report);
  return { code, report, text: lines.filter((text) => text !== line).join('\n') };
}
