import type { AdmissionLayer } from '../protocol/admit.ts';

/** The version of the form of {@link VerifyReport}. It rises when a field changes its meaning or goes away. */
export const REPORT_VERSION = 1;

/** What a plugin can be verified as. `shape` is the protocol's kind `dialect`, `signer` its `signer_factory`. */
export type ConformanceKind = 'router' | 'shape' | 'observability' | 'signer';

/**
 * How a check went. `warn`: the rule is advice, and the plugin does not follow it, or comes near a limit. `skipped`: it could not be run, or
 * has nothing to look at.
 */
export type CheckStatus = 'pass' | 'warn' | 'fail' | 'skipped';

/** What a check measured. */
export interface Measurement {
  readonly value: number;
  readonly unit: 'fuel' | 'pages' | 'bytes' | 'calls' | 'requests' | 'functions';
  /** The most that a host allows, where it allows only so much. */
  readonly limit?: number;
}

/** One check, and what came of it. */
export interface CheckReport {
  /** Stays the same from version to version: `filter.one-decision-each`. What stands before the dot is the group. */
  readonly id: string;
  /** What must hold, in one line. */
  readonly rule: string;
  /** Where the rule stands: `abi/PROTOCOL.md#layer-1-identity`. */
  readonly reference: string;
  readonly status: CheckStatus;
  readonly measured?: Measurement;
  /** Of a failure or warning: what was found. It can hold words of the plugin. */
  readonly found?: string;
  /** Of a failure or warning: what to change. */
  readonly hint?: string;
  /** Of a skipped check: why. */
  readonly reason?: string;
  /** Milliseconds. */
  readonly durationMs: number;
}

/** One turn of the exchange between host and plugin, for a picture of it. */
export interface ExchangeStep {
  readonly layer: AdmissionLayer | 'dispatch';
  /** What it is about: the export that the host calls, or what it does by itself. */
  readonly title: string;
  /** Whether the host calls the plugin in it. */
  readonly isCall: boolean;
  readonly status: 'passed' | 'failed' | 'skipped';
  /** In a few words what goes to the plugin, and what comes back or comes of it. */
  readonly request?: string;
  readonly response?: string;
  /** The sizes of the texts in bytes, where they are known. */
  readonly requestBytes?: number;
  readonly responseBytes?: number;
  /** What the call burnt, as abi/KERNEL.md ("Fuel") counts it. */
  readonly fuel?: number;
  /** Milliseconds. */
  readonly durationMs: number;
}

/** What was found out about a plugin before it was dispatched to. */
export interface VerifiedPlugin {
  /** The length of the module. */
  readonly bytes: number;
  /** Missing without a valid identity. */
  readonly name?: string;
  readonly version?: string;
  /** The wire functions that were negotiated; none when the handshake failed. */
  readonly functions: readonly string[];
  /** The capabilities that the plugin requires. */
  readonly capabilities: readonly string[];
}

/** How a plugin conforms, in plain JSON values. */
export interface VerifyReport {
  readonly version: typeof REPORT_VERSION;
  /** `fail` when a check failed, else `warn` when one warned, else `pass`. */
  readonly verdict: 'pass' | 'warn' | 'fail';
  /** What it was verified as; `auto` stands for what its functions tell. */
  readonly kind: ConformanceKind | 'auto';
  /** The kinds that the checks belong to: the one asked for, or for `auto` those found. None when that could not be found out. */
  readonly kinds: readonly ConformanceKind[];
  readonly plugin: VerifiedPlugin;
  /** How many checks ended how. */
  readonly counts: Readonly<Record<CheckStatus, number>>;
  /** Milliseconds that all of it took. */
  readonly durationMs: number;
  /** In the order in which they were run. */
  readonly checks: readonly CheckReport[];
  readonly exchange: readonly ExchangeStep[];
}
