import { hostInProcesses, hostInWorkers, PluginHost, type PluginHostOptions } from 'cc-lb-runtime-protocol/host';

/** Makes the host of the plugins of a gateway. */
export type MakeHost = (options: PluginHostOptions) => PluginHost;

/**
 * Says where plugins run: on the thread of the server, where a call blocks it until it ends; in
 * worker threads, where it does not; or in processes, which end at once whatever a plugin does.
 *
 * @param workers how many threads; 0 for none.
 * @param processes how many processes; 0 for none.
 */
export function makeHostWith(workers: number, processes: number): MakeHost {
  if (processes > 0) return (options) => hostInProcesses({ ...options, processes });
  if (workers > 0) return (options) => hostInWorkers({ ...options, workers });
  return PluginHost.direct;
}
