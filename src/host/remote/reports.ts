import type { LogEvent, Telemetry } from '../../telemetry.ts';

/** The functions of a telemetry that take a number. */
type Metric = 'counter' | 'histogram' | 'gauge';

/** One call of a telemetry, as a plain value. */
export type Report =
  | { readonly kind: 'log'; readonly event: LogEvent }
  | {
      readonly kind: Metric;
      readonly name: string;
      readonly value: number | bigint;
      readonly labels: Readonly<Record<string, string>>;
    };

/**
 * The most reports of one command. A plugin may log as often as its fuel allows, and they wait in
 * memory until the command ends.
 */
export const REPORTS_MAX = 10_000;

/** The most characters in the texts of these reports: each may be as long as a plugin's memory. */
export const REPORT_CHARACTERS_MAX = 4 * 1024 * 1024;

/** The target of the event that tells how many reports were dropped. */
const LOG_TARGET = 'cc_lb_plugin.host';

/** A telemetry that keeps what it gets until somebody takes it. */
export class ReportRecorder implements Required<Telemetry> {
  #reports: Report[] = [];
  #characters = 0;
  #dropped = 0;

  log(event: LogEvent): void {
    this.#keep({ kind: 'log', event });
  }

  counter(name: string, value: number | bigint, labels: Readonly<Record<string, string>>): void {
    this.#keep({ kind: 'counter', name, value, labels });
  }

  histogram(name: string, value: number, labels: Readonly<Record<string, string>>): void {
    this.#keep({ kind: 'histogram', name, value, labels });
  }

  gauge(name: string, value: number, labels: Readonly<Record<string, string>>): void {
    this.#keep({ kind: 'gauge', name, value, labels });
  }

  /**
   * Returns what was kept, and forgets it. If there were more than {@link REPORTS_MAX}, or
   * {@link REPORT_CHARACTERS_MAX}, the last one says how many were dropped.
   */
  take(): readonly Report[] {
    const reports = this.#reports;
    if (this.#dropped > 0) {
      const message = 'a plugin reported more than the host takes from one call';
      const maxima = { max: String(REPORTS_MAX), max_characters: String(REPORT_CHARACTERS_MAX) };
      const fields = { dropped: String(this.#dropped), ...maxima };
      reports.push({ kind: 'log', event: { level: 'warn', target: LOG_TARGET, message, fields } });
    }
    this.#reports = [];
    this.#characters = this.#dropped = 0;
    return reports;
  }

  #keep(report: Report): void {
    const characters = this.#characters + charactersOf(report);
    if (this.#reports.length >= REPORTS_MAX || characters > REPORT_CHARACTERS_MAX) {
      this.#dropped++;
      return;
    }
    this.#characters = characters;
    this.#reports.push(report);
  }
}

/** Counts the characters of the texts that a plugin may choose. */
function charactersOf(report: Report): number {
  if (report.kind !== 'log') return report.name.length;
  const { message, fields } = report.event;
  return Object.values(fields).reduce((sum, { length }) => sum + length, message.length);
}

/** Gives reports of a remote to the telemetry of the host. Exceptions from it propagate. */
export function replay(reports: readonly Report[], telemetry: Telemetry): void {
  for (const report of reports) {
    if (report.kind === 'log') telemetry.log(report.event);
    else if (report.kind === 'counter') telemetry.counter(report.name, report.value, report.labels);
    // Only counters have values of plugins, which may be a bigint.
    else telemetry[report.kind]?.(report.name, Number(report.value), report.labels);
  }
}
