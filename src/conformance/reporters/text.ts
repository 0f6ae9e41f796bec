import { escapeUnprintable } from '../../printable.ts';
import type { CheckReport, Measurement, VerifyReport } from '../report.ts';

/** How many characters of a text are shown. */
const SHOWN = 1000;

/** A text on one line with everything unprintable escaped: names and messages of plugins go through here. Cut when it is long. */
export function visible(text: string, shown: number = SHOWN): string {
  return escapeUnprintable(text.length > shown ? `${text.slice(0, shown)}...` : text);
}

/** A number with its digits in groups of three, whatever the language of the machine. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** What was measured, in words: `140,269 of 1,000,000,000 fuel`. */
export function measurementText({ value, unit, limit }: Measurement): string {
  const name = value === 1 && limit === undefined && unit.endsWith('s') ? unit.slice(0, -1) : unit;
  return limit === undefined || !Number.isFinite(limit)
    ? `${grouped(value)} ${name}`
    : `${grouped(value)} of ${grouped(limit)} ${name}`;
}

/** Milliseconds in words. */
export function timeText(durationMs: number): string {
  return `${durationMs.toFixed(1)} ms`;
}

/** The verdict in words. */
export function verdictText({ verdict }: VerifyReport): string {
  return { pass: 'conforms', warn: 'conforms, with warnings', fail: 'does not conform' }[verdict];
}

/** The plugin in words: its name and version, if it has an identity. */
export function pluginText({ plugin: { name, version } }: VerifyReport): string {
  return name === undefined ? 'a module without identity' : visible(`${name} ${version}`);
}

/** The checks by group: what stands before the dot of the id. In their order. */
export function groupChecks(checks: readonly CheckReport[]): ReadonlyMap<string, readonly CheckReport[]> {
  const groups = new Map<string, CheckReport[]>();
  for (const check of checks) {
    const [group = ''] = check.id.split('.');
    groups.set(group, [...(groups.get(group) ?? []), check]);
  }
  return groups;
}
