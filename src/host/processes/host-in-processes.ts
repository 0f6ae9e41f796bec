import { checkOptions, limitRule, type OptionRules, textRecordRule } from '../../option-rules.ts';
import { cores, countRule } from '../options.ts';
import { RemotePluginHost } from '../remote/remote-host.ts';
import { type RemoteOptions, urlRule } from '../remote/settings.ts';
import { processesHere } from './child-processes.ts';
import { Processes } from './processes.ts';

/** How a host runs its plugins in processes. Missing or `undefined` means the default. */
export interface ProcessHostOptions extends RemoteOptions {
  /** How many processes run calls: as many as there are cores by default. */
  readonly processes?: number | undefined;
  /** How many more are kept ready, each to take the place of one that is ended: 1 by default. */
  readonly spareProcesses?: number | undefined;
  /**
   * The URL of the script of the processes, for programs that are bundled: it is
   * `cc-lb-runtime-protocol/host/process`.
   */
  readonly processScript?: string | URL | undefined;
  /**
   * The environment of the processes: by default nothing but what the runtime itself needs. The
   * host module sees no other variables.
   */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** The arguments of the runtime in the processes: those of this process by default. */
  readonly execArgv?: readonly string[] | undefined;
}

type OwnOptions = Omit<ProcessHostOptions, keyof RemoteOptions>;

const rules: OptionRules<OwnOptions> = {
  processes: countRule,
  spareProcesses: limitRule,
  processScript: urlRule,
  env: textRecordRule,
  execArgv: {
    expected: 'an array of strings',
    holds: (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
  },
};

/**
 * Makes a host whose plugins run in processes of their own. Each process runs one call at a time.
 * Admissions have processes of their own. Processes start when they are first needed.
 *
 * A plugin of generation 1 stays in one process, with its state; with `instances` it is in several.
 * A hook plugin runs in any. A call that takes longer than `callMs`, or that was aborted and does
 * not end, costs its process, whatever it does. So does a module that crashes the engine. The
 * plugins there start anew in the next one, without their state.
 *
 * Call `close` when the host is not needed any more. The processes also end when this one does.
 *
 * @throws TypeError if an option is unknown or malformed; Error where there are no processes: in
 * browsers, and before Node 20.16.
 */
export function hostInProcesses(options: ProcessHostOptions = {}): RemotePluginHost {
  const { processes = cores(), spareProcesses = 1, processScript, env = {}, execArgv, ...others } = options;
  checkOptions({ processes, spareProcesses, processScript, env, execArgv }, rules);
  const script = processScript === undefined ? undefined : new URL(processScript);
  const start = processesHere({ script, env, execArgv });
  return new RemotePluginHost(new Processes(start, spareProcesses), processes, others);
}
