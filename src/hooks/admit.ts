import { type Result, resultOf } from '../failure.ts';
import { type ModuleLimits, moduleLimitRules } from '../metering/limits.ts';
import { copyBytes, type EngineModule, isBytes, type ModuleSource } from '../module-source.ts';
import { checkOptions, flagRule, type OptionRules, optionsRule } from '../option-rules.ts';
import { isModule, isUint8Array } from '../realms.ts';
import { noTelemetry } from '../telemetry.ts';
import {
  finishHookAdmission,
  type HookAdmission,
  type HookAdmissionOptions,
  hookAdmissionRules,
  type InspectedHooks,
  Steps,
} from './admission.ts';
import { compileHooks, compileHooksAsync, type HookCompileOptions } from './compile.ts';
import { inspectModule, sourceFault } from './inspect.ts';
import { HookMetrics } from './metrics.ts';

export type {
  HookAdmission,
  HookAdmissionReport,
  HookStepError,
  HookStepFailure,
  HookStepReport,
} from './admission.ts';

/** How to admit a hook plugin. Missing or `undefined` means the default. */
export interface AdmitHooksOptions extends HookAdmissionOptions {
  /**
   * What the module may contain, if it is given as bytes. `MODULE_LIMITS` has the names and
   * defaults.
   */
  readonly limits?: ModuleLimits | undefined;
  /**
   * Whether the compiled plugin may come from the cache of the process, and is kept there: true by
   * default. With `false` it is compiled anew, and the package keeps nothing of it.
   */
  readonly cache?: boolean | undefined;
}

const rules: OptionRules<AdmitHooksOptions> = {
  ...hookAdmissionRules,
  limits: optionsRule(moduleLimitRules),
  cache: flagRule,
};

/**
 * Admits a plugin of the hook ABI: inspects it, compiles it with budgets written into it, and calls
 * each active hook once with a fixed sample.
 *
 * Never throws for a bad plugin: check the report.
 *
 * @param wasm the bytes of its module, which are copied; or a `WebAssembly.Module` made from bytes
 * that `prepareHooks` returned. Such a module is trusted: its own sections say that budgets are
 * written into it. Pass only modules made from bytes that `prepareHooks` returned to you or to
 * somebody you trust.
 * @returns the report, and the plugin if it was admitted.
 * @throws TypeError if an argument is malformed. HookCompileError `CompilationRefused` if the
 * engine may not compile, and `NotPrepared` for any other `WebAssembly.Module`: both say nothing
 * about the plugin. Exceptions from `telemetry` propagate.
 */
export function admitHooks(wasm: ModuleSource, options: AdmitHooksOptions = {}): HookAdmission {
  const begun = begin(wasm, options);
  const { inspection, source, compileOptions } = begun;
  const begunAt = performance.now();
  const compiled = inspection && resultOf(() => compileHooks(source, compileOptions));
  return finishHookAdmission(begun, compiled, begunAt, options);
}

/**
 * {@link admitHooks}, but the engine compiles on threads of its own if it can.
 *
 * @returns a promise, which rejects with what `admitHooks` throws.
 */
export async function admitHooksAsync(wasm: ModuleSource, options: AdmitHooksOptions = {}): Promise<HookAdmission> {
  const begun = begin(wasm, options);
  const { inspection, source, compileOptions } = begun;
  const begunAt = performance.now();
  const compiled = inspection && (await settled(compileHooksAsync(source, compileOptions)));
  return finishHookAdmission(begun, compiled, begunAt, options);
}

async function settled<T>(promise: Promise<T>): Promise<Result<T>> {
  try {
    return { ok: true, value: await promise };
  } catch (error) {
    return { ok: false, error };
  }
}

/** An admission that has begun, and how to compile its plugin. */
interface BegunAdmission extends InspectedHooks {
  /** The host's own copy of the bytes; or the module that the engine compiled. */
  readonly source: Uint8Array<ArrayBuffer> | EngineModule;
  readonly compileOptions: HookCompileOptions;
}

function begin(wasm: ModuleSource, options: AdmitHooksOptions): BegunAdmission {
  const source = isBytes(wasm) ? copyBytes(wasm) : wasm;
  if (!(isUint8Array(source) || isModule(source))) throw sourceFault(wasm);
  checkOptions(options, rules);
  const steps = new Steps();
  const begunAt = performance.now();
  const inspected = steps.done(
    { step: 'inspect' },
    resultOf(() => inspectModule(source, options.slot)),
    begunAt,
  );
  const { limits, cache = true, telemetry = noTelemetry } = options;
  const metrics = new HookMetrics(telemetry);
  const compileOptions = { declared: inspected?.module, limits, cache, metrics };
  return { source, steps, metrics, inspection: inspected?.inspection, compileOptions };
}
