import { resultOf } from '../failure.ts';
import {
  finishHookAdmission,
  type HookAdmission,
  type HookAdmissionOptions,
  hookAdmissionRules,
  Steps,
} from '../hooks/admission.ts';
import type { HookName } from '../hooks/hook.ts';
import { inspectPrepared } from '../hooks/inspect-prepared.ts';
import { checkSlot, type HookInspection } from '../hooks/inspection.ts';
import { HookMetrics } from '../hooks/metrics.ts';
import { checkArgument, checkOptions } from '../option-rules.ts';
import { noTelemetry } from '../telemetry.ts';
import { type PreparedModule, sourceFault } from './source.ts';

/** What a module of the hook ABI is made from. */
const PREPARED_HOOKS = 'prepareHooks returns';

function checkSource(wasm: unknown): void {
  const fault = sourceFault(wasm, PREPARED_HOOKS);
  checkArgument('wasm', fault === undefined, fault ?? '');
}

/**
 * Inspects a prepared plugin of the hook ABI, without running anything. The result is that of
 * `inspectHooks` for the bytes that were prepared.
 *
 * @param slot the slot for which the plugin is. Without it, the plugin must be right for the hooks
 * that it declares.
 * @returns what the plugin says of itself, with warnings.
 * @throws HookInspectError that names the first broken rule, such as `OtherGeneration` for a plugin
 * of the older protocol. HookCompileError `NotPrepared` if the module is not prepared, or by
 * another version of this package. TypeError if an argument is malformed, such as bytes.
 */
export function inspectHooks(wasm: PreparedModule, slot?: HookName): HookInspection {
  checkSlot(slot);
  checkSource(wasm);
  return inspectPrepared(wasm, slot).inspection;
}

/**
 * Admits a prepared plugin of the hook ABI: inspects it, and calls each active hook once with a
 * fixed sample. The report is that of `admitHooks` for the bytes that were prepared.
 *
 * Never throws for a bad plugin: check the report.
 *
 * @param wasm a `WebAssembly.Module` made from bytes that `prepareHooks` returned. It is trusted:
 * its own sections say that budgets are written into it. Pass only modules made from bytes that
 * `prepareHooks` returned to you or to somebody you trust.
 * @returns the report, and the plugin if it was admitted.
 * @throws TypeError if an argument is malformed, such as bytes. HookCompileError `NotPrepared` if
 * the module is not prepared, or by another version of this package: that says nothing about the
 * plugin. Exceptions from `telemetry` propagate.
 */
export function admitHooks(wasm: PreparedModule, options: HookAdmissionOptions = {}): HookAdmission {
  checkSource(wasm);
  checkOptions(options, hookAdmissionRules);
  const steps = new Steps();
  const begunAt = performance.now();
  const inspected = steps.done(
    { step: 'inspect' },
    resultOf(() => inspectPrepared(wasm, options.slot)),
    begunAt,
  );
  const metrics = new HookMetrics(options.telemetry ?? noTelemetry);
  const loadedAt = performance.now();
  const compiled = inspected && ({ ok: true, value: inspected.compiled } as const);
  return finishHookAdmission({ steps, metrics, inspection: inspected?.inspection }, compiled, loadedAt, options);
}
