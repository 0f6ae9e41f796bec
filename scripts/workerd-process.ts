import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Runtime } from './runtimes.mjs';

/** The name of the socket in a configuration: its address is replaced by a free port. */
export const SOCKET = 'http';

/** How long workerd may take until it listens. It takes a third of a second. */
const START_MS = 60_000;

/** A worker that answers on loopback. */
export interface ServedWorker {
  /** Such as `http://127.0.0.1:4000`. */
  readonly address: string;
  /** Rejects when workerd ends by itself. */
  readonly ended: Promise<never>;
  /** What workerd has printed: what the worker logs, and its own errors. */
  output(): string;
  /** Ends workerd, and resolves when it has ended. */
  close(): Promise<void>;
}

/** How a worker is served. */
export interface ServeWorkerOptions {
  /** The port; a free one by default. */
  readonly port?: number | undefined;
  /** Called with what workerd prints. */
  readonly onOutput?: ((text: string) => void) | undefined;
}

/**
 * Starts workerd with a configuration that has a socket named {@link SOCKET}.
 *
 * @param runtime what `findWorkerd` returns.
 * @param config the path of the configuration, as text.
 * @returns the worker, once it listens. Rejects with what workerd printed if it ends before.
 */
export async function serveWorker(
  { command, args }: Pick<Runtime, 'command' | 'args'>,
  config: string,
  { port = 0, onOutput = () => undefined }: ServeWorkerOptions = {},
): Promise<ServedWorker> {
  const address = `${SOCKET}=127.0.0.1:${port}`;
  const child = spawn(command, [...args, config, '--socket-addr', address, '--control-fd=3'], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  let output = '';
  const add = (text: string): void => {
    output += text;
    onOutput(text);
  };
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', add);
  const closed = new Promise<string>((resolve) => {
    child
      .on('error', (error) => resolve(`could not be started: ${error.message}`))
      .on('close', (code, signal) => resolve(`ended with ${signal ?? `exit code ${code}`}`));
  });
  const ended = closed.then((reason): never => {
    process.removeListener('exit', kill);
    throw new Error(`workerd ${reason}\n${output.slice(-4_000)}`);
  });
  // Whoever waits for an answer races against it. Nobody does at other times.
  ended.catch(() => undefined);
  const close = async (): Promise<void> => {
    kill();
    await closed;
  };
  try {
    const found = await Promise.race([listeningPort(child), ended]);
    return { address: `http://127.0.0.1:${found}`, ended, output: () => output, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Reads the port on which workerd says that it listens. */
function listeningPort({ stdio }: ChildProcess): Promise<number> {
  // The cast: `spawn` was asked for a pipe there, from which workerd's messages are read. Some
  // runtimes make none for a program that does not start.
  const control = stdio[3] as Readable | null | undefined;
  return new Promise((resolve, reject) => {
    if (!control) return;
    const timer = setTimeout(() => reject(new Error(`workerd does not listen after ${START_MS / 1000} s`)), START_MS);
    let text = '';
    control.setEncoding('utf8').on('data', (more: string) => {
      text += more;
      const [, port] = /"socket":"http","port":(\d+)/.exec(text) ?? [];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(Number(port));
    });
    control.on('close', () => clearTimeout(timer));
  });
}
