import type { PluginModule } from '../../../src/host/engine.ts';
import type { PluginHostOptions } from '../../../src/host/index.ts';
import { settleHost } from '../../../src/host/options.ts';
import { type ProcessSettings, processesHere } from '../../../src/host/processes/child-processes.ts';
import type { ProcessRemote } from '../../../src/host/processes/process-remote.ts';
import { Processes } from '../../../src/host/processes/processes.ts';
import { RemoteEngine } from '../../../src/host/remote/engine.ts';
import { remoteOptions } from '../../../src/host/remote/options.ts';
import type { AugmentedMetadata } from '../../../src/protocol/messages/index.ts';

const { process } = globalThis;

/** The processes of a host, with what was started and what was used of it. */
export class RecordedProcesses extends Processes {
  /** The numbers of all that were started. */
  readonly pids: (number | undefined)[];
  readonly used: ProcessRemote[] = [];

  constructor(sparesMax: number, settings: Partial<ProcessSettings> = {}) {
    const start = processesHere({ script: undefined, env: {}, execArgv: undefined, ...settings });
    const pids: (number | undefined)[] = [];
    super(() => {
      const child = start();
      pids.push(child.pid);
      return child;
    }, sparesMax);
    this.pids = pids;
  }

  override start(): ProcessRemote {
    const remote = super.start();
    this.used.push(remote);
    return remote;
  }

  /** The latest one that is used. */
  get last(): ProcessRemote {
    const last = this.used.at(-1);
    if (last === undefined) throw new Error('no process was started');
    return last;
  }
}

/** A host module of these tests. */
export const hostModuleNamed = (name: string): string => new URL(`./host-modules/${name}.ts`, import.meta.url).href;

/** How an engine of these tests differs from others. */
export interface EngineOptions extends PluginHostOptions, Partial<ProcessSettings> {
  readonly hostModule?: string;
  readonly count?: number;
  readonly callMs?: number;
  readonly startMs?: number;
  readonly spares?: number;
}

/** An engine whose plugins run in processes, and those processes. */
export function engineInProcesses({
  hostModule,
  count = 1,
  callMs = 60_000,
  startMs = 60_000,
  spares = 0,
  script,
  env = {},
  execArgv,
  ...options
}: EngineOptions = {}) {
  const { context } = settleHost(options);
  const processes = new RecordedProcesses(spares, { script, env, execArgv });
  const settings = { count, callMs, startMs, waitingCallsMax: 1_000, abandonedMax: 100 };
  const engine = new RemoteEngine(processes, settings, context, remoteOptions(options, context, hostModule));
  return { engine, processes };
}

/** A plugin of generation 1, as engines get it. */
export const moduleOf = (name: string, bytes: Uint8Array): PluginModule => ({
  id: { principal: '__global__', name },
  generation: 1,
  bytes: new Uint8Array(bytes),
});

/** The metadata of a plugin that negotiated the newest versions of these functions. */
export const metadataOf = (functions: Readonly<Record<string, number>>): AugmentedMetadata =>
  // The cast: engines read no other field.
  ({ identity: { plugin_name: 'plugin' }, negotiated_functions: functions }) as unknown as AugmentedMetadata;

/** Kills a process, as somebody else would do it. */
export function kill({ pid }: ProcessRemote, signal = 'SIGKILL'): void {
  if (pid === undefined) throw new Error('the process was not started');
  process.kill(pid, signal);
}

/** Whether a process is there. One that ended and that nobody has waited for is not. */
export function isAlive(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== 'linux') return true;
  const { readFileSync } = process.getBuiltinModule('node:fs');
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Waits until something holds. @throws Error after ten seconds. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  const endsAt = performance.now() + 10_000;
  while (!holds()) {
    if (performance.now() > endsAt) throw new Error(`not within 10 s: ${what}`);
    await sleep(5);
  }
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
