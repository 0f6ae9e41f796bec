// What the benchmarks that run on every runtime have in common: which runtimes, the process on each, and the machine.
import { spawn } from 'node:child_process';
import { cpus, release, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';
import { findRuntime } from '../runtimes.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What stands before the numbers on the output of a benchmark's script. */
const reportLabel = 'report: ';

/** Processor, memory and system, in a line. */
export const machine = `${cpus().length} x ${cpus()[0]?.model.trim()}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${type()} ${release()} ${process.arch}`;

/**
 * The names in an option's comma-separated value; refuses those that are not known, before anything runs.
 * @param {string} option the option's name
 * @param {string} value
 * @param {readonly string[]} known
 */
export function chosen(option, value, known) {
  const names = value.split(',').filter((name) => name !== '');
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`--${option} ${unknown}: expected some of ${known}`);
  return names;
}

/**
 * Runs a script on runtimes, one after the other, and prints what it prints. The script gets its task, as JSON, on its standard input,
 * and prints a last line `report: {...}`. Gives what the scripts reported; sets the exit code to 1 when one came to no end.
 * @param {readonly string[]} runtimes
 * @param {string} script its path from the root of the repository
 * @param {object} task
 */
export async function startOnEach(runtimes, script, task) {
  const reports = [];
  for (const name of runtimes) {
    const found = findRuntime(name);
    if (found === undefined) console.log(`skipped: ${name}: none on this machine that starts\n`);
    else reports.push(await start(found, script, task));
  }
  return reports.filter((report) => report !== undefined);
}

async function start(runtime, script, task) {
  console.log(runtime.title);
  const { code, report, text } = await reportOf(runtime, script, task);
  console.log(text);
  if (code === 0 && report !== undefined) return { runtime: runtime.title, ...report };
  console.log(`${runtime.title}: ended early with exit code ${code}`);
  process.exitCode = 1;
  return undefined;
}

/**
 * Runs a script on a runtime, as {@link startOnEach} does, and prints nothing: gives its exit code, what it reported, if it came to that, and
 * what else it printed.
 * @param {{ command: string, args: readonly string[] }} runtime what `findRuntime` gives
 * @param {string} script its path from the root of the repository
 * @param {object} task
 */
export async function reportOf({ command, args }, script, task) {
  const child = spawn(command, [...args, script], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, NODE_NO_WARNINGS: '1', DENO_NO_UPDATE_CHECK: '1' },
  });
  child.stdin.end(JSON.stringify(task));
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  const code = await new Promise((resolve, reject) => child.on('close', resolve).on('error', reject));
  const lines = output.split('\n');
  const line = lines.find((text) => text.startsWith(reportLabel));
  const report = line === undefined ? undefined : JSON.parse(line.slice(reportLabel.length));
  return { code, report, text: lines.filter((text) => text !== line).join('\n') };
}
