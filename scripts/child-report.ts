import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { reportLabel } from './report-label.ts';
import type { Runtime } from './runtimes.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));

export { reportLabel };

/** The environment of scripts whose output is read: plain text, and no notice of updates. */
export const plainEnvironment = { NO_COLOR: '1', FORCE_COLOR: undefined, DENO_NO_UPDATE_CHECK: '1' };

/** How a script's process ended, and what it printed. */
export interface ChildReport {
  /** The exit code, or null if a signal ended the process. */
  readonly code: number | null;
  /** The exit code or the signal, in words. */
  readonly ending: string;
  /** Whether the process was killed because it printed nothing for too long. */
  readonly silent: boolean;
  /** Standard output and standard error, without the line of the report. */
  readonly output: string;
  /** The JSON of the report; undefined if the script printed none or was killed. */
  readonly reportText: string | undefined;
}

/**
 * Runs a TypeScript file in a process of its own, from the root of the project.
 *
 * @param runtime what `findRuntime` returns.
 * @param file path of the script, relative to the root of the project.
 * @param parameters arguments of the script.
 * @param silenceMs the process is killed when it prints nothing for this many milliseconds.
 * @returns how the process ended. Rejects if it cannot be started.
 */
export async function reportOfChild(
  { command, args }: Pick<Runtime, 'command' | 'args'>,
  file: string,
  parameters: readonly string[],
  silenceMs: number,
): Promise<ChildReport> {
  const child = spawn(command, [...args, file, ...parameters], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...plainEnvironment },
  });
  let silent = false;
  const timer = setTimeout(() => {
    silent = true;
    child.kill('SIGKILL');
  }, silenceMs);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      timer.refresh();
    });
  }
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.on('close', (...how) => resolve(how)).on('error', reject);
  }).finally(() => clearTimeout(timer));

  const line = output.split('\n').findLast((text) => text.startsWith(reportLabel));
  const ending = signal ?? `exit code ${code}`;
  if (silent || line === undefined) return { code, ending, silent, output, reportText: undefined };
  return { code, ending, silent, output: output.replace(line, ''), reportText: line.slice(reportLabel.length) };
}
