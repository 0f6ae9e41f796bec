import type { HookName } from '../hooks/hook.ts';
import type { WireFunctionName } from '../protocol/messages/index.ts';
import type { CheckStatus, Measurement } from './report.ts';
import type { TestHost } from './test-host.ts';

/** What a check found. */
export interface Finding {
  readonly status: CheckStatus;
  readonly measured?: Measurement | undefined;
  /** What a failed or warning check found. */
  readonly found?: string;
  /** What to change, if the finding says more about that than the check does. */
  readonly hint?: string | undefined;
  /** Why the check was skipped. */
  readonly reason?: string;
}

/** One rule, and how it is checked with a host: that of the protocol, or that of the hook ABI. */
export interface Check<Host = TestHost> {
  /** `group.rule`, in kebab case. An id never changes its meaning. */
  readonly id: string;
  /** What must hold, in one line. */
  readonly rule: string;
  /** The rule in the contract, or the section that states it: the fragment of a link. */
  readonly anchor: string;
  /** Present if the rule is advice: a plugin that does not follow it has a warning. */
  readonly advice?: true;
  /** What to change if the rule does not hold; missing if each finding has a hint of its own. */
  readonly hint?: string;
  /** The check is skipped if one of these checks failed. */
  readonly needs: readonly string[];
  /** The check is skipped if the plugin does not implement this wire function or hook. */
  readonly function?: WireFunctionName | HookName;
  readonly run: (host: Host) => Finding;
}

/** The rule holds. */
export function pass(measured?: Measurement): Finding {
  return { status: 'pass', measured };
}

/** A measurement. A limit that is missing or not finite is left out: JSON has no number for it. */
export function measuredOf(value: number, unit: Measurement['unit'], limit: number | undefined): Measurement {
  return { value, unit, ...(limit !== undefined && Number.isFinite(limit) && { limit }) };
}

/** The rule does not hold. */
export function fail(found: string, hint?: string, measured?: Measurement): Finding {
  return { status: 'fail', found, hint, measured };
}

/** The plugin does not follow advice, or comes near a limit. */
export function warn(found: string, measured?: Measurement, hint?: string): Finding {
  return { status: 'warn', found, hint, measured };
}

/** The check does not apply. */
export function skip(reason: string): Finding {
  return { status: 'skipped', reason };
}

/** The first finding that did not pass. If all passed: a pass that reports their number. */
export function first(findings: Iterable<Finding>, unit: Measurement['unit'] = 'requests'): Finding {
  let value = 0;
  for (const finding of findings) {
    if (finding.status !== 'pass') return finding;
    value++;
  }
  return pass({ value, unit });
}
