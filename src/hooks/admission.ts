import { clockStood } from '../clock.ts';
import { instantiationRefusal } from '../compilation.ts';
import { type Result, resultOf } from '../failure.ts';
import { flagRule, type OptionRules, oneOfRule, telemetryRule, textRule } from '../option-rules.ts';
import type { Telemetry } from '../telemetry.ts';
import { type HookLimits, hookLimitRules, settleLimits } from './budget.ts';
import { HookCallError, type HookCallFailure } from './call-error.ts';
import { HookCompileError, type HookCompileFailure } from './compile-error.ts';
import type { CompiledHooks } from './compiled.ts';
import { type Hook, type HookName, hookNames, hooks } from './hook.ts';
import { HookInspectError, type HookInspectFailure } from './inspect-error.ts';
import type { HookInspection } from './inspection.ts';
import { LentMemories } from './instances.ts';
import type { HookMetrics } from './metrics.ts';
import { type HookOutcome, HookPlugin } from './plugin.ts';

/** How to admit a hook plugin. Missing or `undefined` means the default. */
export interface HookAdmissionOptions extends HookLimits {
  /**
   * The slot for which the plugin is: `filter` or `shape`. Without it, the plugin must be right for
   * the hooks that it declares.
   */
  readonly slot?: HookName | undefined;
  /**
   * Whether to call each active hook once: true by default. With `false` nothing of the plugin
   * runs: for a host that admitted the same bytes before, with this version of the package.
   */
  readonly runsProbes?: boolean | undefined;
  /** Receives the metrics in `HOOK_METRICS`, of the admission and of all calls of the plugin. */
  readonly telemetry?: Telemetry | undefined;
  /**
   * The label `plugin` of metrics of calls: the name in the metadata by default. Probes always have
   * that name.
   */
  readonly pluginLabel?: string | undefined;
}

/** The rules of {@link HookAdmissionOptions}. */
export const hookAdmissionRules: OptionRules<HookAdmissionOptions> = {
  ...hookLimitRules,
  slot: oneOfRule(hookNames),
  runsProbes: flagRule,
  telemetry: telemetryRule,
  pluginLabel: textRule,
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
  /**
   * Present if the clock of deadlines, `performance.now`, stood while the plugin was called: it
   * showed one time only. Then no deadline could end a call, and fuel alone bounded it.
   */
  readonly clockStood?: true;
  /** What inspection found, with warnings. */
  readonly inspection?: HookInspection;
}

/** What {@link admitHooks} returns. */
export interface HookAdmission {
  readonly report: HookAdmissionReport;
  /** The plugin, if it was admitted. */
  readonly plugin?: HookPlugin;
}

/** An admission whose plugin is inspected, and not compiled yet. */
export interface InspectedHooks {
  readonly steps: Steps;
  readonly metrics: HookMetrics;
  /** What inspection found; `undefined` if it failed. */
  readonly inspection: HookInspection | undefined;
}

/**
 * Probes the hooks, and makes the report.
 *
 * @param compiled the result of compiling; `undefined` if inspection failed.
 * @param begunAt when compiling began, in milliseconds of `performance.now`.
 */
export function finishHookAdmission(
  { steps, metrics, inspection }: InspectedHooks,
  compiled: Result<CompiledHooks> | undefined,
  begunAt: number,
  options: HookAdmissionOptions,
): HookAdmission {
  const limits = settleLimits(options);
  metrics.memoryMaxPages(limits.memoryMaxPages);
  const found = steps.done({ step: 'compile' }, compiled, begunAt);
  const parts = found &&
    inspection && {
      metadata: inspection.metadata,
      compiled: found,
      instances: new LentMemories(found, limits),
      budget: limits.probe,
      report: metrics.callsOf(inspection.metadata.name),
    };
  const probed = parts && new HookPlugin(parts);
  let passed = probed !== undefined;
  const { runsProbes = true } = options;
  for (const hook of hooks)
    if (runsProbes && inspection?.metadata.hooks[hook.name]?.mode === 'active')
      passed = steps.probe(hook, passed ? probed : undefined) && passed;

  const report: HookAdmissionReport = {
    admitted: passed,
    steps: steps.reports,
    ...(clockStood(steps.probes) && { clockStood: true }),
    ...(inspection && { inspection }),
  };
  if (!passed || parts === undefined) return { report };
  const instances = new LentMemories(parts.compiled, limits, parts.instances.grownPages);
  const label = options.pluginLabel ?? parts.metadata.name;
  const given = { ...parts, instances, budget: limits.call, report: metrics.callsOf(label) };
  return { report, plugin: new HookPlugin(given) };
}

/** Collects the reports of the steps, in their order. */
export class Steps {
  readonly reports: HookStepReport[] = [];

  /** The probes that ran. */
  get probes(): readonly HookStepReport[] {
    return this.reports.filter(({ step, status }) => step === 'probe' && status !== 'skipped');
  }

  /**
   * Reports a step.
   *
   * @param result its outcome; `undefined` if the step is skipped.
   * @param begunAt when it began, in milliseconds of `performance.now`.
   * @returns what it found; `undefined` if it failed or was skipped.
   */
  done<T>(
    step: Pick<HookStepReport, 'step' | 'hook' | 'fuel'>,
    result: Result<T> | undefined,
    begunAt: number,
  ): T | undefined {
    if (result === undefined) {
      this.reports.push({ ...step, status: 'skipped', durationMs: 0 });
      return undefined;
    }
    const durationMs = performance.now() - begunAt;
    if (result.ok) this.reports.push({ ...step, status: 'passed', durationMs });
    else this.reports.push({ ...step, status: 'failed', durationMs, error: stepError(result.error) });
    return result.ok ? result.value : undefined;
  }

  /** Probes a hook; skips it without a plugin. @returns whether it passed. */
  probe(hook: Hook, plugin: HookPlugin | undefined): boolean {
    const step = { step: 'probe', hook: hook.name } as const;
    const begunAt = performance.now();
    const outcome = plugin?.call(hook, hook.sample());
    if (plugin === undefined || outcome === undefined) this.done(step, undefined, begunAt);
    else
      this.done(
        { ...step, fuel: plugin.fuelConsumed },
        resultOf(() => responseOf(outcome)),
        begunAt,
      );
    return outcome?.kind === 'ok';
  }
}

function responseOf<Response>(outcome: HookOutcome<Response>): Response {
  if (outcome.kind === 'error') throw outcome.error;
  return outcome.response;
}

/** The failures of compiling that say nothing about the plugin. */
const aboutTheHost: readonly HookCompileFailure['kind'][] = ['CompilationRefused', 'NotPrepared'];

/** @throws the error itself if it says nothing about the plugin. */
function stepError(error: unknown): HookStepError {
  const refusal = error instanceof HookCallError ? instantiationRefusal(error.cause) : undefined;
  if (refusal !== undefined)
    throw new HookCompileError({ kind: 'CompilationRefused', reason: refusal }, { cause: error });
  if (error instanceof HookInspectError) return described(error, error.upstream);
  if (error instanceof HookCompileError && !aboutTheHost.includes(error.failure.kind))
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
