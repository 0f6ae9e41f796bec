import type { Generation } from '../../generation/index.ts';
import { type FileAdmission, reportAdmission } from '../../inspection/admission-report.ts';
import { admitHookFile, type HookFileAdmission } from '../../inspection/hook-admission-report.ts';
import type { LogEvent } from '../../telemetry.ts';
import { type Exchange, hookExchanges, wireExchanges } from './admission-exchanges.ts';
import { type PluginInput, preparedModule, treatedAs } from './plugin-input.ts';
import { Recording } from './recording.ts';

/** What every admission has, whatever the plugin's generation. */
interface AdmissionParts<Report> {
  readonly report: Report;
  /** What host and plugin said in each layer or step, in their order. */
  readonly exchanges: readonly Exchange[];
  /** What the plugin logged at first: it can log for ever. */
  readonly logs: readonly LogEvent[];
  /** How many log events are left out. */
  readonly moreLogs: number;
}

/** An admission, and the exchange of each of its layers or steps. */
export type AdmissionResult =
  | ({ readonly generation: 1 } & AdmissionParts<FileAdmission>)
  | ({ readonly generation: 2 } & AdmissionParts<HookFileAdmission>);

type Admit = (input: PluginInput, prepared: WebAssembly.Module | undefined) => AdmissionResult;

const admissions: Readonly<Record<Generation, Admit>> = {
  1: ({ file, bytes }, prepared) => {
    const recording = new Recording();
    // One time for the whole admission, so that the request of the self-check is known.
    const now = Date.now();
    const report = reportAdmission(file, bytes, { clock: () => now, telemetry: recording }, prepared);
    const { logs, moreLogs } = recording.report();
    return { generation: 1, report, logs, moreLogs, exchanges: wireExchanges(report, prepared ?? bytes, now) };
  },
  2: ({ file, bytes }, prepared) => {
    const { report, plugin } = admitHookFile(file, bytes, {}, prepared);
    return { generation: 2, report, logs: [], moreLogs: 0, exchanges: hookExchanges(report, plugin) };
  },
};

/** Takes a plugin through everything that a host does before it calls it. */
export function admit(input: PluginInput): AdmissionResult {
  return admissions[treatedAs(input.bytes)](input, preparedModule(input.bytes));
}
