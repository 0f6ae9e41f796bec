import { type Result, resultOf } from '../failure.ts';
import { type ModuleLimits, moduleLimitRules } from '../metering/limits.ts';
import { adviceOn, copyBytes, MODULE_BYTES, type ModuleBytes } from '../module-source.ts';
import { checkArgument, checkOptions, type OptionRules, oneOfRule, optionsRule } from '../option-rules.ts';
import { type HookLimits, hookLimitRules, settleLimits } from './budget.ts';
import { HookCallError, type HookCallFailure } from './call-error.ts';
import { compileHooks } from './compile.ts';
import { HookCompileError, type HookCompileFailure } from './compile-error.ts';
import { type Hook, type HookName, hookNames, hooks } from './hook.ts';
import { type HookInspection, inspectHooks } from './inspect.ts';
import { HookInspectError, type HookInspectFailure } from './inspect-error.ts';
import { HookPlugin } from './plugin.ts';

/** How to admit a hook plugin. Missing or `undefined` means the default. */
export interface AdmitHooksOptions extends HookLimits {
  /**
   * Where the plugin shall run: `filter` or `shape`. Without it, the plugin must be right for the
   * hooks that it declares.
   */
  readonly slot?: HookName | undefined;
  /** What the module may contain: `MODULE_LIMITS` has the names and defaults. */
  readonly limits?: ModuleLimits | undefined;
}

const rules: OptionRules<AdmitHooksOptions> = {
  ...hookLimitRules,
  slot: oneOfRule(hookNames),
  limits: optionsRule(moduleLimitRules),
};

/** Why a step failed: its error as plain values. */
export interface HookStepError {
  readonly kind: HookStepFailure['kind'];
  /** What cc-lb calls such a failure; `null` for a limit that it does not have. */
  readonly upstream: 'ModuleRejected' | 'ModuleCompile' | 'ProbeFailed' | null;
  readonly message: string;
  readonly failure: HookStepFailure;
}

/** The failures of all steps. */
export type HookStepFailure = HookInspectFailure | HookCompileFailure | HookCallFailure;

/** The outcome of one step. Steps after a failed one are skipped. */
export interface HookStepReport {
  readonly step: 'inspect' | 'compile' | 'probe';
  /** The hook that is probed. */
  readonly hook?: HookName;
  readonly status: 'passed' | 'failed' | 'skipped';
  /** The time that the step took, in milliseconds. */
  readonly durationMs: number;
  /** The fuel that the probe burnt. */
  readonly fuel?: number;
  readonly error?: HookStepError;
}

/** The report of an admission, as plain values. */
export interface HookAdmissionReport {
  readonly admitted: boolean;
  /** Inspection, compiling, then a probe of each active hook in the order of their names. */
  readonly steps: readonly HookStepReport[];
  /** What inspection found, with warnings. */
  readonly inspection?: HookInspection;
}

/** What {@link admitHooks} returns. */
export interface HookAdmission {
  readonly report: HookAdmissionReport;
  /** The plugin, if it was admitted. */
  readonly plugin?: HookPlugin;
}

/**
 * Admits a plugin of the hook ABI: inspects it, compiles it with budgets written into it, and calls
 * each active hook once with a fixed sample.
 *
 * Never throws for a bad plugin: check the report.
 *
 * @param wasm the bytes of its module. They are copied.
 * @returns the report, and the plugin if it was admitted.
 * @throws TypeError if an argument is malformed. HookCompileError `CompilationRefused` if the
 * engine may not compile, which says nothing about the plugin.
 */
export function admitHooks(wasm: ModuleBytes, options: AdmitHooksOptions = {}): HookAdmission {
  const bytes = copyBytes(wasm);
  if (bytes === undefined) throw new TypeError(`wasm must be ${MODULE_BYTES}${adviceOn(wasm)}`);
  checkArgument('options', typeof options === 'object' && options !== null, 'an object');
  checkOptions(options, rules);
  const limits = settleLimits(options);
  const { memoryMaxPages } = limits;
  const steps = new Steps();

  const inspection = steps.run('inspect', bytes, (given) => inspectHooks(given, options.slot));
  const compiled = steps.run('compile', inspection && bytes, (given) =>
    compileHooks(given, { limits: options.limits, memoryMaxPages }),
  );
  const given = inspection && compiled && { metadata: inspection.metadata, compiled };
  const probed = given && new HookPlugin(given.metadata, given.compiled, limits, limits.probe);
  const active = inspection?.hooks.filter(({ mode }) => mode === 'active') ?? [];
  let passed = probed !== undefined;
  for (const { name } of active) passed = steps.probe(hookOf(name), passed ? probed : undefined) && passed;

  const report = { admitted: passed, steps: steps.reports, ...(inspection && { inspection }) };
  return passed && given !== undefined
    ? { report, plugin: new HookPlugin(given.metadata, given.compiled, limits) }
    : { report };
}

function hookOf(name: HookName): Hook {
  const found = hooks.find((hook) => hook.name === name);
  if (found === undefined) throw new TypeError(`there is no hook ${name}`);
  return found;
}

/** Collects the reports of the steps, in their order. */
class Steps {
  readonly reports: HookStepReport[] = [];

  /**
   * Runs one step; skips it if its input is missing.
   *
   * @returns what it found; `undefined` if it failed or was skipped.
   */
  run<Input, T>(step: 'inspect' | 'compile', input: Input | undefined, work: (input: Input) => T): T | undefined {
    if (input === undefined) {
      this.reports.push({ step, status: 'skipped', durationMs: 0 });
      return undefined;
    }
    const begunAt = performance.now();
    const result = resultOf(() => work(input));
    this.#report({ step }, begunAt, result);
    return result.ok ? result.value : undefined;
  }

  /** Probes a hook; skips it without a plugin. @returns whether it passed. */
  probe(hook: Hook, plugin: HookPlugin | undefined): boolean {
    const step = { step: 'probe', hook: hook.name } as const;
    if (plugin === undefined) {
      this.reports.push({ ...step, status: 'skipped', durationMs: 0 });
      return false;
    }
    const begunAt = performance.now();
    const outcome = plugin.call(hook, hook.sample());
    const result: Result<unknown> =
      outcome.kind === 'ok' ? { ok: true, value: outcome.response } : { ok: false, error: outcome.error };
    this.#report({ ...step, fuel: plugin.fuelConsumed }, begunAt, result);
    return result.ok;
  }

  #report(step: Pick<HookStepReport, 'step' | 'hook' | 'fuel'>, begunAt: number, result: Result<unknown>): void {
    const durationMs = performance.now() - begunAt;
    if (result.ok) this.reports.push({ ...step, status: 'passed', durationMs });
    else this.reports.push({ ...step, status: 'failed', durationMs, error: stepError(result.error) });
  }
}

/** @throws the error itself if it says nothing about the plugin. */
function stepError(error: unknown): HookStepError {
  if (error instanceof HookInspectError) return described(error, 'ModuleRejected');
  if (error instanceof HookCompileError && error.failure.kind !== 'CompilationRefused')
    return described(error, error.upstream);
  if (error instanceof HookCallError && error.failure.kind !== 'Panic')
    return described(error, exceedsBudget(error.failure) ? null : 'ProbeFailed');
  throw error;
}

/** Whether a call used up a budget that cc-lb does not have. */
function exceedsBudget(failure: HookCallFailure): boolean {
  return 'stop' in failure && (failure.stop.kind === 'OutOfFuel' || failure.stop.kind === 'Timeout');
}

function described(
  { message, failure }: { readonly message: string; readonly failure: HookStepFailure },
  upstream: HookStepError['upstream'],
): HookStepError {
  return { kind: failure.kind, upstream, message, failure };
}
