import { type Result, resultOf, unwrap } from '../failure.ts';
import type { Generation } from '../generation/index.ts';
import type { HookAdmissionReport, HookOutcome } from '../hooks/index.ts';
import type { MetricOf } from '../metrics/table.ts';
import type { AdmissionReport } from '../protocol/admit.ts';
import type { DispatchOutcome } from '../protocol/dispatch.ts';
import { noTelemetry, type Telemetry } from '../telemetry.ts';
import { PluginHostError } from './host-error.ts';

/** What a host gives up and replaces. */
export type ReplacedPart = 'instance' | 'worker' | 'process';

/** The outcome of a call, of either generation. */
export type CallOutcome = DispatchOutcome<unknown> | HookOutcome<unknown>;

/** The outcome of an admission, of either generation. */
interface Admission {
  readonly report: AdmissionReport | HookAdmissionReport;
}

type Labels = Readonly<Record<string, string>>;

const NO_LABELS: Labels = {};

/** Reports the metrics of a host of plugins. `METRICS` has their names, labels and meanings. */
export class HostMetrics {
  readonly #telemetry: Telemetry;
  /** Whether anybody listens. If not, calls are not measured. */
  readonly #isOn: boolean;
  #callsPending = 0;
  #callsWaiting = 0;
  #registrationsPending = 0;
  readonly #abandoned = new Map<ReplacedPart, number>();

  /** @param telemetry {@link noTelemetry} if nobody listens. */
  constructor(telemetry: Telemetry) {
    this.#telemetry = telemetry;
    this.#isOn = telemetry !== noTelemetry;
  }

  /** Makes a call, and reports it. @param fn the name of the function. */
  call<O extends CallOutcome>(plugin: string, fn: string, run: () => Promise<O>): Promise<O> {
    return this.#isOn ? this.#measuredCall(plugin, fn, run) : run();
  }

  async #measuredCall<O extends CallOutcome>(plugin: string, fn: string, run: () => Promise<O>): Promise<O> {
    const begunAt = this.#beginCall();
    const result = await settled(run());
    this.#endCall(plugin, fn, begunAt, result);
    return unwrap(result);
  }

  /** {@link call} for a plugin that answers at once. */
  callSync<O extends CallOutcome>(plugin: string, fn: string, run: () => O): O {
    if (!this.#isOn) return run();
    const begunAt = this.#beginCall();
    const result = resultOf(run);
    this.#endCall(plugin, fn, begunAt, result);
    return unwrap(result);
  }

  /** Admits a plugin, and reports the admission. */
  async admission<A extends Admission>(generation: Generation, admit: () => Promise<A>): Promise<A> {
    const begunAt = performance.now();
    const result = await settled(admit());
    const labels = { generation: String(generation) };
    this.#measure('cc_lb_plugin_admission_duration_seconds', secondsSince(begunAt), labels);
    const outcome = result.ok ? admissionResult(result.value) : { layer: 'none', result: 'failed' };
    this.#count('cc_lb_plugin_admissions_total', { ...labels, ...outcome });
    return unwrap(result);
  }

  /** Registers a plugin, and reports what became of it. */
  async registration<R extends { readonly kind: string }>(register: () => Promise<R>): Promise<R> {
    this.#set('cc_lb_plugin_registrations_pending', ++this.#registrationsPending);
    const result = await settled(register());
    this.#set('cc_lb_plugin_registrations_pending', --this.#registrationsPending);
    this.#count('cc_lb_plugin_registrations_total', { result: result.ok ? result.value.kind : 'failed' });
    if (!result.ok) this.#saturation(result.error);
    return unwrap(result);
  }

  /** What became of one record that was read. */
  restored(result: string): void {
    this.#count('cc_lb_plugin_restored_total', { result });
  }

  /** A plugin was removed. */
  removed(): void {
    this.#count('cc_lb_plugin_removed_total', NO_LABELS);
  }

  /** How many plugins serve now. */
  served(plugins: number): void {
    this.#set('cc_lb_plugin_served', plugins);
  }

  /** A call begins to wait for an instance, a worker or a process (1), or no longer waits (-1). */
  waiting(change: 1 | -1): void {
    this.#callsWaiting += change;
    this.#set('cc_lb_plugin_calls_waiting', this.#callsWaiting);
  }

  /** Something was given up after a call, and is replaced. */
  replaced(part: ReplacedPart): void {
    this.#count('cc_lb_plugin_replaced_total', { part });
  }

  /** Something that was given up still runs (1), or has ended at last (-1). */
  abandoned(part: ReplacedPart, change: 1 | -1): void {
    const count = (this.#abandoned.get(part) ?? 0) + change;
    this.#abandoned.set(part, count);
    this.#set('cc_lb_plugin_abandoned', count, { part });
  }

  #beginCall(): number {
    this.#set('cc_lb_plugin_calls_pending', ++this.#callsPending);
    return performance.now();
  }

  #endCall(plugin: string, fn: string, begunAt: number, result: Result<CallOutcome>): void {
    this.#set('cc_lb_plugin_calls_pending', --this.#callsPending);
    const labels = { plugin, function: fn };
    if (result.ok) this.#answered(labels, secondsSince(begunAt), result.value);
    // Any other error is the caller's mistake.
    else if (result.error instanceof PluginHostError) {
      this.#count('cc_lb_plugin_calls_total', { ...labels, result: 'refused' });
      this.#saturation(result.error);
    }
  }

  #answered(labels: Labels, seconds: number, { kind, used }: CallOutcome): void {
    this.#count('cc_lb_plugin_calls_total', { ...labels, result: kind === 'ok' ? 'ok' : 'failed' });
    this.#measure('cc_lb_plugin_dispatch_duration_seconds', seconds, labels);
    if (used === undefined) return;
    if (used.fuel !== undefined) this.#measure('cc_lb_plugin_call_fuel', used.fuel, labels);
    this.#measure('cc_lb_plugin_request_bytes', used.requestBytes, labels);
    this.#measure('cc_lb_plugin_response_bytes', used.responseBytes, labels);
  }

  #saturation(error: unknown): void {
    if (!(error instanceof PluginHostError) || error.failure.kind !== 'Saturated') return;
    this.#count('cc_lb_plugin_saturated_total', { full: error.failure.full });
  }

  #count(name: MetricOf<'counter'>, labels: Labels): void {
    this.#telemetry.counter(name, 1, labels);
  }

  #measure(name: MetricOf<'histogram'>, value: number, labels: Labels): void {
    this.#telemetry.histogram?.(name, value, labels);
  }

  #set(name: MetricOf<'gauge'>, value: number, labels: Labels = NO_LABELS): void {
    this.#telemetry.gauge?.(name, value, labels);
  }
}

function secondsSince(begunAt: number): number {
  return (performance.now() - begunAt) / 1_000;
}

/** Waits for a promise, and catches what it rejects with. */
function settled<T>(promise: Promise<T>): Promise<Result<T>> {
  return promise.then(
    (value) => ({ ok: true, value }),
    (error: unknown) => ({ ok: false, error }),
  );
}

/** Where an admission ended, and how. */
function admissionResult({ report }: Admission): Labels {
  if (report.admitted) return { layer: 'none', result: 'admitted' };
  const failed =
    'layers' in report
      ? report.layers.find(({ status }) => status === 'failed')?.layer
      : report.steps.find(({ status }) => status === 'failed')?.step;
  return { layer: failed ?? 'none', result: 'rejected' };
}
