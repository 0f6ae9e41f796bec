import type { Clock } from '../clock.ts';
import type { Generation } from '../generation/index.ts';
import type { Hook, HookAdmissionReport, HookLimits, HookOutcome } from '../hooks/index.ts';
import type { HostFunction } from '../kernel/index.ts';
import type { ModuleLimits } from '../metering/index.ts';
import type { OptionRules } from '../option-rules.ts';
import type { PluginOptions } from '../plugin/index.ts';
import type { AdmissionReport, AdmitOptions } from '../protocol/admit.ts';
import type { DispatchOutcome } from '../protocol/dispatch.ts';
import type { PluginStorage } from '../protocol/host-state.ts';
import type { AugmentedMetadata, HandshakeOffer, WireFunction, WireInput } from '../protocol/messages/index.ts';
import { isAbortSignal } from '../realms.ts';
import type { Telemetry } from '../telemetry.ts';
import type { AdmittedPlugin } from './admitted-plugin.ts';
import type { HostMetrics } from './host-metrics.ts';
import type { PluginId } from './key.ts';

/** A module that an engine is asked to admit or to start. */
export interface PluginModule {
  readonly id: PluginId;
  readonly generation: Generation;
  /** The bytes of the original. Nobody else may change them. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /**
   * The same module with budgets written into it, if the host has it stored. It is trusted: its own
   * sections say that it is metered.
   */
  readonly prepared?: Uint8Array<ArrayBuffer> | undefined;
  /** The same module with budgets written into it, compiled by an engine of this host. */
  readonly compiled?: WebAssembly.Module | undefined;
}

/** The fields of a record that the host of plugins adds. */
type OfHost = 'form_version' | 'principal' | 'name' | 'module_sha256' | 'package_version' | 'prepared';

/** What an engine finds out about a plugin that it admits. */
export type Findings =
  | Omit<Extract<AdmittedPlugin, { kind: 'protocol' }>, OfHost>
  | Omit<Extract<AdmittedPlugin, { kind: 'hooks' }>, OfHost>;

/** The outcome of an admission. */
export interface EngineAdmission {
  readonly report: AdmissionReport | HookAdmissionReport;
  /** Present if the plugin was admitted. */
  readonly findings?: Findings;
  /** What the engine compiled, if the plugin was admitted and the module is at hand. */
  readonly compiled?: WebAssembly.Module | undefined;
}

/** How to make a call. Missing or `undefined` means the default. */
export interface CallOptions {
  /**
   * Calls with the same number, a whole one from 0 up, run on the same instance of a plugin of
   * generation 1, for as long as the plugin serves. Without it any instance may run the call. A
   * hook plugin has a new instance for each call, whatever the number.
   */
  readonly affinity?: number | undefined;
  /**
   * Ends the call when it is aborted: its outcome is then the fallback, and the failure `Aborted`.
   * A call on the thread of the host cannot be ended once it runs.
   */
  readonly signal?: AbortSignal | undefined;
}

/** The rules of {@link CallOptions}. */
export const callRules: OptionRules<CallOptions> = {
  affinity: {
    expected: 'a whole number from 0 up',
    holds: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
  },
  signal: { expected: 'an AbortSignal', holds: (value) => isAbortSignal(value) },
};

/** Runs a plugin of generation 1. Once it is disposed of, it is not called again. */
export interface WireRunner {
  readonly generation: 1;
  dispatch<Req, Res>(
    fn: WireFunction<Req, Res>,
    request: WireInput<Req>,
    options: CallOptions,
  ): Promise<DispatchOutcome<Res>>;
  dispose(): Promise<void>;
}

/** Runs a plugin of the hook ABI. Once it is disposed of, it is not called again. */
export interface HookRunner {
  readonly generation: 2;
  dispatch<Req, Res>(hook: Hook<Req, Res>, request: Req, options: CallOptions): Promise<HookOutcome<Res>>;
  dispose(): Promise<void>;
}

/** Runs a plugin of either generation. */
export type PluginRunner = WireRunner | HookRunner;

/** What admits plugins and runs them: on this thread, in workers, or in processes. */
export interface PluginEngine<Runner extends PluginRunner = PluginRunner> {
  /**
   * Admits a plugin.
   *
   * @returns a promise of the report. It rejects only if the engine itself failed.
   */
  admit(module: PluginModule): Promise<EngineAdmission>;
  /**
   * Compiles a plugin that was admitted, and makes it ready for calls.
   *
   * @param metadata of a plugin of generation 1; `undefined` for one of the hook ABI.
   * @param builds whether to build a plugin of generation 1 once, to see that it can be built. With
   * `false` nothing of it runs before the first call.
   * @throws PluginHostError `CannotStart`, in the promise.
   */
  start(module: PluginModule, metadata: AugmentedMetadata | undefined, builds: boolean): Promise<Runner>;
  /** Ends everything that the engine runs. */
  close(): Promise<void>;
}

/** What an engine works with: the options of the host of plugins, with their defaults. */
export interface EngineContext {
  readonly offer: HandshakeOffer;
  readonly clock: Clock;
  /** Receives what is reported. It never throws. */
  readonly telemetry: Telemetry;
  /** Where an engine reports its queues, workers and processes. */
  readonly metrics: HostMetrics;
  readonly limits: ModuleLimits;
  /** The limits of admissions of generation 1. */
  readonly admission: Pick<AdmitOptions, 'handshake' | 'selfCheck' | 'ttlSecs'>;
  /** The budgets of its calls. */
  readonly calls: CallBudgets;
  /** The budgets of hooks. */
  readonly hooks: HookLimits;
  /** Whether plugins may import the six host functions. */
  readonly hostFunctions: AdmitOptions['hostFunctions'];
  /** Returns where a plugin stores while it is admitted; an empty storage if it is missing. */
  readonly admissionStorage: ((id: PluginId) => PluginStorage) | undefined;
  /** Fills what plugins get as random bytes; the engine's own random values if it is missing. */
  readonly fillRandom: AdmitOptions['fillRandom'];
  /** Returns how many instances a plugin of generation 1 has at most: a whole number from 1 up. */
  readonly instancesOf: (id: PluginId) => number;
  /** Whether an instance is replaced after a call that was stopped in the middle. */
  readonly replaceAfterTrap: boolean;
  /** Returns the host functions of an admitted plugin, for one instance. */
  readonly functionsOf: (id: PluginId, pluginName: string) => readonly HostFunction[];
  /** Returns what a plugin finds as its configuration. */
  readonly configOf: (id: PluginId) => Readonly<Record<string, string>>;
}

/** The budgets of each call of a plugin of generation 1. */
export type CallBudgets = Pick<
  PluginOptions,
  'wallMs' | 'fuel' | 'memoryMaxPages' | 'initialMemoryMaxPages' | 'tableMaxEntries' | 'stackSlots' | 'maxVarBytes'
>;
