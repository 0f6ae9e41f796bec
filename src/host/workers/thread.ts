import { reasonOf } from '../../failure.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import { nodeThreads } from './node-threads.ts';

/** What becomes known about a thread. */
export interface ThreadListener {
  message(message: FromWorker): void;
  /** Nobody caught an error in it, or its script cannot be loaded. It may run on. */
  error(reason: string): void;
  /** It has ended. */
  end(reason: string): void;
}

/** A worker thread of Node, or a web worker. */
export interface Thread {
  /** Whether the runtime says when the thread has ended, and only then. */
  readonly saysWhenEnded: boolean;
  post(message: ToWorker, transfer: ArrayBuffer[]): void;
  terminate(): void;
  /** Whether the process waits for this thread before it ends by itself. */
  keepProcess(keep: boolean): void;
}

/** Starts a thread. */
export type StartThread = (listener: ThreadListener) => Thread;

/**
 * Returns what starts threads on this runtime: web workers in browsers, Deno and Bun, and else
 * those of Node.
 *
 * @param script the URL of the script; by default the one beside this module.
 * @throws Error where there are no threads.
 */
export function threadsHere(script: URL | undefined): StartThread {
  if (typeof Worker === 'function') return (listener) => webThread(script, listener);
  const threads = nodeThreads();
  if (threads === undefined)
    throw new Error('there are no worker threads here: Node has them from 20.16, browsers, Deno and Bun as Worker');
  return (listener) => nodeThread(threads, script, listener);
}

function nodeThread(
  threads: NonNullable<ReturnType<typeof nodeThreads>>,
  script: URL | undefined,
  listener: ThreadListener,
): Thread {
  // Bundlers look for this very form, and for the one below.
  const worker =
    script === undefined ? new threads.Worker(new URL('./worker.ts', import.meta.url)) : new threads.Worker(script);
  worker.on('message', (message: FromWorker) => listener.message(message));
  worker.on('messageerror', (error) => listener.error(reasonOf(error)));
  worker.on('error', (error) => listener.error(reasonOf(error)));
  worker.on('exit', (code) => listener.end(`it ended with the exit code ${code}`));
  worker.unref();
  return {
    saysWhenEnded: true,
    post: (message, transfer) => worker.postMessage(message, transfer),
    // The promise says no more than the event.
    terminate: () => void worker.terminate(),
    keepProcess: (keep) => (keep ? worker.ref() : worker.unref()),
  };
}

/** What workers of Bun have, and those of other runtimes have not. */
interface RefCounted {
  ref?(): void;
  unref?(): void;
}

function webThread(script: URL | undefined, listener: ThreadListener): Thread {
  const worker: Worker & RefCounted =
    script === undefined
      ? new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
      : new Worker(script, { type: 'module' });
  worker.addEventListener('message', ({ data }) => listener.message(data));
  worker.addEventListener('messageerror', () => listener.error('it posted what cannot be read'));
  worker.addEventListener('error', (event) => {
    // Deno would end the process.
    event.preventDefault();
    listener.error(event.message ?? 'its script cannot be loaded');
  });
  // Bun alone has this event.
  worker.addEventListener('close', () => listener.end('it ended'));
  worker.unref?.();
  return {
    saysWhenEnded: 'Bun' in globalThis,
    post: (message, transfer) => worker.postMessage(message, transfer),
    terminate: () => worker.terminate(),
    keepProcess: (keep) => (keep ? worker.ref?.() : worker.unref?.()),
  };
}
