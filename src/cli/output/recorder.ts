import { printable } from '../../printable.ts';
import type { LogEvent, LogLevel, Telemetry } from '../../telemetry.ts';
import { type Output, painter, type Style } from './terminal.ts';

/** One increase of a counter. */
export interface CounterEvent {
  readonly name: string;
  readonly value: number | bigint;
  readonly labels: Readonly<Record<string, string>>;
}

/** The logs and counters that were reported while a command ran. */
export interface Recorder {
  readonly telemetry: Telemetry;
  readonly logs: readonly LogEvent[];
  readonly counters: readonly CounterEvent[];
}

/**
 * Records logs and counters in their order.
 *
 * @param output where each is also printed at once, on a line of its own; nowhere by default.
 */
export function createRecorder(output?: Output): Recorder {
  const logs: LogEvent[] = [];
  const counters: CounterEvent[] = [];
  const telemetry: Telemetry = {
    log: (event) => {
      logs.push(event);
      output?.write(logLine(event, output));
    },
    counter: (name, value, labels) => {
      counters.push({ name, value, labels });
      output?.write(counterLine({ name, value, labels }, output));
    },
  };
  return { telemetry, logs, counters };
}

const LEVEL_STYLES: Readonly<Record<LogLevel, Style>> = {
  trace: 'dim',
  debug: 'dim',
  info: 'cyan',
  warn: 'yellow',
  error: 'red',
};

function logLine({ level, target, message, fields }: LogEvent, { color }: Output): string {
  const paint = painter(color);
  return `${paint(LEVEL_STYLES[level], level.padEnd(7))} ${target}: ${printable(message)}${labelText(fields)}\n`;
}

function counterLine({ name, value, labels }: CounterEvent, { color }: Output): string {
  return `${painter(color)('cyan', 'counter')} ${printable(name)} +${value}${labelText(labels)}\n`;
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const entries = Object.entries(labels).map(([name, value]) => `${name}=${printable(value)}`);
  return entries.length === 0 ? '' : ` {${entries.join(', ')}}`;
}
