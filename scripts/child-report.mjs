// A script in a process of a runtime, and the report that it leaves on its output.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));

/** What stands before the report on the output of a script. */
const reportLabel = 'report: ';

/**
 * Runs a TypeScript file of the project in a process of its own, from the root of the project.
 *
 * The process is killed after `timeoutMs` milliseconds; `timedOut` then says so. `output` is all of
 * the standard output and the standard error, without the line of the report. `reportText`
 * is the JSON of the report, or undefined if the script left none or was killed.
 */
export async function reportOfChild({ command, args }, file, parameters, timeoutMs) {
  const child = spawn(command, [...args, file, ...parameters], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, DENO_NO_UPDATE_CHECK: '1' },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    child.kill('SIGKILL');
  }, timeoutMs);
  const [code, signal] = await new Promise((resolve, reject) => {
    child.on('close', (...how) => resolve(how)).on('error', reject);
  });
  clearTimeout(timer);

  const ending = signal ?? `exit code ${code}`;
  const line = output.split('\n').findLast((text) => text.startsWith(reportLabel));
  if (timedOut || line === undefined) return { code, ending, timedOut, output };
  return { code, ending, timedOut, output: output.replace(line, ''), reportText: line.slice(reportLabel.length) };
}
