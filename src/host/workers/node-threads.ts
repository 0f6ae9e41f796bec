import type * as WorkerThreads from 'node:worker_threads';

/**
 * Returns Node's module of threads. It is not imported, so that this package loads in browsers.
 *
 * @returns `undefined` where there is none, and before Node 20.16.
 */
export function nodeThreads(): typeof WorkerThreads | undefined {
  // Both are missing somewhere, whatever the types say.
  return globalThis.process?.getBuiltinModule?.('node:worker_threads');
}
