import type { WireFunctionName } from '../protocol/messages/index.ts';
import type { CheckStatus, Measurement } from './report.ts';
import type { Bench } from './test-host.ts';

/** What a check found. */
export interface Finding {
  readonly status: CheckStatus;
  readonly measured?: Measurement | undefined;
  /** What was found, of a failure or warning. */
  readonly found?: string;
  /** What to change, when it is something else than the check says. */
  readonly hint?: string | undefined;
  /** Why it was skipped. */
  readonly reason?: string;
}

/** One rule, and how it is checked. */
export interface Check {
  /** `group.rule`, in kebab case. It never changes its meaning. */
  readonly id: string;
  /** What must hold, in one line. */
  readonly rule: string;
  /** The heading of abi/PROTOCOL.md that it stands under, as a link's fragment. */
  readonly anchor: string;
  /** What to change when it does not hold. */
  readonly hint: string;
  /** The checks that must not have failed for this one to be run. */
  readonly needs: readonly string[];
  /** The wire function that it is about: without it, there is nothing to check. */
  readonly function?: WireFunctionName;
  readonly run: (bench: Bench) => Finding;
}

/** The rule holds. */
export function pass(measured?: Measurement): Finding {
  return { status: 'pass', measured };
}

/** The rule does not hold. */
export function fail(found: string, hint?: string, measured?: Measurement): Finding {
  return { status: 'fail', found, hint, measured };
}

/** The rule holds, but something should be looked at; or it is advice that is not followed. */
export function warn(found: string, measured?: Measurement, hint?: string): Finding {
  return { status: 'warn', found, hint, measured };
}

/** There is nothing to check. */
export function skip(reason: string): Finding {
  return { status: 'skipped', reason };
}

/** The first of several findings that is no pass; else a pass with how many there were. */
export function first(findings: Iterable<Finding>, unit: Measurement['unit'] = 'requests'): Finding {
  let value = 0;
  for (const finding of findings) {
    if (finding.status !== 'pass') return finding;
    value++;
  }
  return pass({ value, unit });
}
