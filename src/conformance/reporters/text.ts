import { formatCount } from '../../digits.ts';
import { escapeUnprintable } from '../../printable.ts';
import type { CheckReport, Measurement, VerifyReport } from '../report.ts';

/** The most characters of a text that a report shows. */
const SHOWN = 1000;

/**
 * A text on one line, with unprintable characters escaped, shortened. For names and messages of
 * plugins.
 */
export function visible(text: string, shown: number = SHOWN): string {
  return escapeUnprintable(text.length > shown ? `${text.slice(0, shown)}...` : text);
}

/** A measurement as text: `140,269 of 1,000,000,000 fuel`. */
export function measurementText({ value, unit, limit }: Measurement): string {
  const name = value === 1 && limit === undefined && unit.endsWith('s') ? unit.slice(0, -1) : unit;
  return limit === undefined || !Number.isFinite(limit)
    ? `${formatCount(value)} ${name}`
    : `${formatCount(value)} of ${formatCount(limit)} ${name}`;
}

/** Milliseconds as text. */
export function timeText(durationMs: number): string {
  return `${durationMs.toFixed(1)} ms`;
}

/** The verdict as text. */
export function verdictText({ verdict }: VerifyReport): string {
  return { pass: 'conforms', warn: 'conforms, with warnings', fail: 'does not conform' }[verdict];
}

/** The name and version of the plugin, if it has an identity. */
export function pluginText({ plugin: { name, version } }: VerifyReport): string {
  return name === undefined ? 'a module without identity' : visible(`${name} ${version}`);
}

/** The group of a check: the part of its id before the dot. */
export function groupOf(id: string): string {
  return id.split('.')[0] ?? '';
}

/** The checks by group, in their order. */
export function groupChecks(checks: readonly CheckReport[]): ReadonlyMap<string, readonly CheckReport[]> {
  const groups = new Map<string, CheckReport[]>();
  for (const check of checks) {
    const group = groupOf(check.id);
    groups.set(group, [...(groups.get(group) ?? []), check]);
  }
  return groups;
}
