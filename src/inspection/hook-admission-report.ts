import { hookStepHint } from '../hints/index.ts';
import {
  type AdmitHooksOptions,
  admitHooks,
  type HookAdmissionReport,
  type HookStepError,
  type HookStepReport,
} from '../hooks/admit.ts';
import type { HookPlugin } from '../hooks/plugin.ts';
import { type FailureReport, reportStack } from './failure-report.ts';

/** The report of the admission of a hook plugin, and the file that it is about. */
export type HookFileAdmission = Omit<HookAdmissionReport, 'steps'> & {
  readonly file: string;
  /** The length of the file, in bytes. */
  readonly bytes: number;
  readonly steps: readonly LocatedStepReport[];
};

/** The outcome of one step. */
export type LocatedStepReport = Omit<HookStepReport, 'error'> & {
  readonly error?: HookStepError & Pick<FailureReport, 'byteOffset' | 'stack' | 'hint'>;
};

/** What {@link admitHookFile} returns. */
export interface AdmittedFile {
  readonly report: HookFileAdmission;
  /** The plugin, if it was admitted. */
  readonly plugin?: HookPlugin;
}

/**
 * Admits a hook plugin.
 *
 * @param file the name of the file, for the report.
 * @param wasm the bytes of the plugin's module.
 * @param prepared the module that they became, if they are prepared and are believed.
 * @throws as {@link admitHooks}.
 */
export function admitHookFile(
  file: string,
  wasm: Uint8Array,
  options: Pick<AdmitHooksOptions, 'slot' | 'limits' | 'call'>,
  prepared?: WebAssembly.Module | undefined,
): AdmittedFile {
  const { report, plugin } = admitHooks(prepared ?? wasm, options);
  const { admitted, steps, ...found } = report;
  const located = { file, bytes: wasm.length, admitted, steps: steps.map(locate), ...found };
  return plugin === undefined ? { report: located } : { report: located, plugin };
}

function locate({ error, ...step }: HookStepReport): LocatedStepReport {
  if (error === undefined) return step;
  const { failure } = error;
  const hint = hookStepHint({ step: step.step, error });
  // The offset of a probe counts in the answer.
  const inModule = step.step !== 'probe' && 'offset' in failure ? { byteOffset: failure.offset } : {};
  return { ...step, error: { ...error, ...inModule, ...reportStack(failure), ...(hint !== undefined && { hint }) } };
}
