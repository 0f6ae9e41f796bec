import type { Generation } from '../../generation/index.ts';
import { type FileAdmission, reportAdmission } from '../../inspection/admission-report.ts';
import { admitHookFile, type HookFileAdmission } from '../../inspection/hook-admission-report.ts';
import type { LogEvent } from '../../telemetry.ts';
import { type Exchange, hookExchanges, wireExchanges } from './admission-exchanges.ts';
import { type PluginInput, preparedModule, treatedAs } from './plugin-input.ts';

/** What every admission has, whatever the plugin's generation. */
interface AdmissionParts<Report> {
  readonly report: Report;
  /** What host and plugin said in each layer or step, in their order. */
  readonly exchanges: readonly Exchange[];
  /** What the plugin logged, at most {@link LOGS_MAX} events. */
  readonly logs: readonly LogEvent[];
}

/** An admission, and the exchange of each of its layers or steps. */
export type AdmissionResult =
  | ({ readonly generation: 1 } & AdmissionParts<FileAdmission>)
  | ({ readonly generation: 2 } & AdmissionParts<HookFileAdmission>);

/** The most log events that are kept: a plugin can write millions. */
export const LOGS_MAX = 200;

type Admit = (input: PluginInput, prepared: WebAssembly.Module | undefined) => AdmissionResult;

const admissions: Readonly<Record<Generation, Admit>> = {
  1: ({ file, bytes }, prepared) => {
    const logs: LogEvent[] = [];
    const log = (event: LogEvent): void => {
      if (logs.length < LOGS_MAX) logs.push(event);
    };
    // One time for the whole admission, so that the request of the self-check is known.
    const now = Date.now();
    const options = { clock: () => now, telemetry: { log, counter: () => undefined } };
    const report = reportAdmission(file, bytes, options, prepared);
    return { generation: 1, report, logs, exchanges: wireExchanges(report, prepared ?? bytes, now) };
  },
  2: ({ file, bytes }, prepared) => {
    const { report, plugin } = admitHookFile(file, bytes, {}, prepared);
    return { generation: 2, report, logs: [], exchanges: hookExchanges(report, plugin) };
  },
};

/** Takes a plugin through everything that a host does before it calls it. */
export function admit(input: PluginInput): AdmissionResult {
  return admissions[treatedAs(input.bytes)](input, preparedModule(input.bytes));
}
