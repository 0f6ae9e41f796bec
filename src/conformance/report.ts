import type { Generation } from '../generation/index.ts';
import type { HookStepReport } from '../hooks/admit.ts';
import type { HookSlotKind } from '../hooks/hook.ts';
import type { AdmissionLayer } from '../protocol/admit.ts';

/** The version of {@link VerifyReport}. It rises if a field changes its meaning or is removed. */
export const REPORT_VERSION = 1;

/**
 * What a plugin of the protocol can be verified as. `shape` is the protocol's kind `dialect`,
 * `signer` its `signer_factory`.
 */
export type ConformanceKind = 'router' | 'shape' | 'observability' | 'signer';

/** The slots of the hook ABI: what a plugin of it can be verified for. */
export type ConformanceSlot = HookSlotKind;

/**
 * The result of a check. `warn`: the plugin does not follow advice, or comes near a limit.
 * `skipped`: a check that this one needs failed, or the check does not apply.
 */
export type CheckStatus = 'pass' | 'warn' | 'fail' | 'skipped';

/** What a check measured. */
export interface Measurement {
  readonly value: number;
  readonly unit: 'fuel' | 'pages' | 'bytes' | 'calls' | 'requests' | 'functions';
  /** The host's limit, if it has one. */
  readonly limit?: number;
}

/** One check and its result. */
export interface CheckReport {
  /**
   * Such as `filter.one-decision-each`. The same in every version. Its group stands before the dot.
   */
  readonly id: string;
  /** What must hold, in one line. */
  readonly rule: string;
  /** The section that states the rule, such as `abi/PROTOCOL.md#layer-1-identity`. */
  readonly reference: string;
  readonly status: CheckStatus;
  readonly measured?: Measurement;
  /** What a failed or warning check found. Can contain text from the plugin. */
  readonly found?: string;
  /** What to change after a failure or a warning. */
  readonly hint?: string;
  /** Why the check was skipped. */
  readonly reason?: string;
  /** Milliseconds. */
  readonly durationMs: number;
}

/** One step of the exchange between host and plugin, for the picture of it. */
export interface ExchangeStep {
  /** A layer of the protocol, or a step of the hook ABI. */
  readonly layer: AdmissionLayer | 'dispatch' | HookStepReport['step'] | 'call';
  /** The export that the host calls, or what the host does by itself. */
  readonly title: string;
  /** Whether the host calls the plugin. */
  readonly isCall: boolean;
  readonly status: 'passed' | 'failed' | 'skipped';
  /** What the host sends to the plugin, in a few words. */
  readonly request?: string;
  /**
   * The request as JSON, for the samples of functions and hooks. Missing if it holds the state of a
   * signer, which may be a secret.
   */
  readonly requestJson?: string;
  /** What the plugin answers, or the failure, in a few words. */
  readonly response?: string;
  /** The size of the request in bytes, if known. */
  readonly requestBytes?: number;
  /** The size of the response in bytes, if known. */
  readonly responseBytes?: number;
  /** The fuel that the call burnt (abi/KERNEL.md, "Fuel"). */
  readonly fuel?: number;
  /** Milliseconds. */
  readonly durationMs: number;
}

/** What admission found out about a plugin. */
export interface VerifiedPlugin {
  /** The length of the module. */
  readonly bytes: number;
  /** Missing if the plugin has no valid identity or metadata. */
  readonly name?: string;
  readonly version?: string;
  /** The negotiated wire functions, or the declared hooks. Empty if admission did not get there. */
  readonly functions: readonly string[];
  /** The capabilities that the plugin requires. The hook ABI has none. */
  readonly capabilities: readonly string[];
}

/** The result of a verification, in plain JSON values: the same for both generations. */
export interface VerifyReport {
  readonly version: typeof REPORT_VERSION;
  /** The contract: 1 is the protocol, of `verifyPlugin`; 2 is the hook ABI, of `verifyHooks`. */
  readonly generation: Generation;
  /** `fail` if a check failed, else `warn` if one warned, else `pass`. */
  readonly verdict: 'pass' | 'warn' | 'fail';
  /** The kind or slot that the caller asked for. */
  readonly kind: ConformanceKind | ConformanceSlot | 'auto';
  /**
   * The kinds or slots that were checked. For `auto`, those of the negotiated functions, or the
   * slots that the plugin is right for; empty if it has no such functions or slots.
   */
  readonly kinds: readonly (ConformanceKind | ConformanceSlot)[];
  readonly plugin: VerifiedPlugin;
  /** The number of checks by result. */
  readonly counts: Readonly<Record<CheckStatus, number>>;
  /** Milliseconds of the whole verification. */
  readonly durationMs: number;
  /** In the order in which they ran. */
  readonly checks: readonly CheckReport[];
  readonly exchange: readonly ExchangeStep[];
}
