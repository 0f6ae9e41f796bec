import { checkArgument } from '../../option-rules.ts';
import { cores, countRule } from '../options.ts';
import { RemotePluginHost } from '../remote/remote-host.ts';
import type { RemoteOptions } from '../remote/settings.ts';
import { threadsHere } from './thread.ts';
import { WorkerRemote } from './worker-remote.ts';

/** How a host runs its plugins in worker threads. Missing or `undefined` means the default. */
export interface WorkerHostOptions extends RemoteOptions {
  /** How many workers run calls: as many as there are cores by default. */
  readonly workers?: number | undefined;
  /**
   * The URL of the script of the workers, for bundlers that do not find it by themselves: it is
   * `cc-lb-runtime-protocol/host/worker`.
   */
  readonly workerScript?: string | URL | undefined;
}

/**
 * Makes a host whose plugins run in worker threads, so that no call blocks this one. Each worker
 * runs one call at a time. Admissions have workers of their own. Workers start when they are first
 * needed.
 *
 * A plugin of generation 1 stays in one worker, with its state; with `instances` it is in several.
 * A hook plugin runs in any. A call that takes longer than `callMs`, or that was aborted and does
 * not end, costs its worker: the plugins there start anew in the next one, without their state.
 *
 * @throws TypeError if an option is unknown or malformed; Error where there are no threads.
 */
export function hostInWorkers(options: WorkerHostOptions = {}): RemotePluginHost {
  const { workers = cores(), workerScript, ...others } = options;
  checkArgument('options.workers', countRule.holds(workers), countRule.expected);
  const start = threadsHere(workerScript === undefined ? undefined : new URL(workerScript));
  // V8 as Deno builds it tells where a plugin trapped by offsets, for which the bytes are needed.
  const takesModules = !('Deno' in globalThis);
  return new RemotePluginHost({ noun: 'worker', takesModules, start: () => new WorkerRemote(start) }, workers, others);
}
