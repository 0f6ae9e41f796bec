import { type FeatureUses, findFeatures } from '../hooks/features.ts';
import { type HookName, hooks } from '../hooks/hook.ts';
import { type HookInspection, inspectHooks } from '../hooks/inspect.ts';
import { SIGNATURES } from '../hooks/signatures.ts';
import { formatFunctionType } from '../plugin/index.ts';
import { isUint8Array } from '../realms.ts';
import { type FailureReport, reportedResult } from './failure-report.ts';

/** What the bytes of a module say of it as a hook plugin. */
export interface HookModuleReport {
  readonly inspection?: HookInspection;
  /** Why the inspection refused the module. */
  readonly inspectionError?: FailureReport;
  /**
   * What it uses that a host may lack; missing if the module was refused, is malformed, or is
   * prepared.
   */
  readonly features?: Pick<FeatureUses, 'refused' | 'wideArithmetic'>;
}

/**
 * Reports on a module as a hook plugin, without running it.
 *
 * @param source its bytes; or the module that the engine compiled, if it is prepared.
 * @param slot the slot for which the plugin is; that of its hooks if `undefined`.
 */
export function reportHookModule(
  source: Uint8Array | WebAssembly.Module,
  slot: HookName | undefined,
): HookModuleReport {
  const inspection = reportedResult(() => inspectHooks(source, slot));
  if (!inspection.ok) return { inspectionError: inspection.error };
  if (!isUint8Array(source)) return { inspection: inspection.value };
  const features = reportedResult(() => {
    const { refused, wideArithmetic } = findFeatures(source);
    return { refused, wideArithmetic };
  });
  return { inspection: inspection.value, ...(features.ok && { features: features.value }) };
}

/** The functions that a host looks for in a hook plugin, and their types. */
export const hookFunctionTypes: Readonly<Record<string, string>> = {
  cc_lb_alloc: formatFunctionType(SIGNATURES.cc_lb_alloc),
  cc_lb_free: formatFunctionType(SIGNATURES.cc_lb_free),
  ...Object.fromEntries(hooks.map(({ exportName }) => [exportName, formatFunctionType(SIGNATURES.hook)])),
};
