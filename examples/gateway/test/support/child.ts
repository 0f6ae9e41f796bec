import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A process of the runtime that runs the tests. */
export interface Child {
  readonly process: ChildProcess;
  /** Its lines, as they come. */
  readonly lines: AsyncIterableIterator<string>;
  /** Ends it with SIGKILL, and waits until it is gone. Its last lines can be read afterwards. */
  kill(): Promise<void>;
}

const children = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** What this runtime needs before a file that it runs. */
function argsBefore(): readonly string[] {
  if ('Deno' in globalThis) return ['run', '--allow-all', '--cached-only', '--no-lock', '--node-modules-dir=manual'];
  return process.execArgv;
}

/**
 * Starts a program in a process of its own.
 *
 * @param url the file.
 */
export function startChild(url: URL, args: readonly string[]): Child {
  const child = spawn(process.execPath, [...argsBefore(), fileURLToPath(url), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => {
      children.delete(child);
      resolve();
    });
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    process: child,
    lines,
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
