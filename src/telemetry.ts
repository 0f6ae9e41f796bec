/** The severity of a log event. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';

/**
 * One log event. The host never puts request data or secrets into it. The text that a plugin logs
 * is the plugin's own.
 */
export interface LogEvent {
  readonly level: LogLevel;
  /** The part of the host that reports: `cc_lb_plugin.dispatch`, `cc_lb_plugin.log`. */
  readonly target: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * Receives log events and metrics. The host implements it. Every function that reports takes one,
 * and reports nothing without it. Exceptions from it propagate to the caller of that function.
 */
export interface Telemetry {
  log(event: LogEvent): void;
  /**
   * Increments a counter.
   *
   * @param value the increment, 0 or more; a `bigint` if a plugin supplied it.
   */
  counter(name: string, value: number | bigint, labels: Readonly<Record<string, string>>): void;
  /**
   * Adds a measurement to a histogram. A host without histograms leaves it out.
   *
   * @param value in the unit that the name ends with, such as seconds.
   */
  histogram?(name: string, value: number, labels: Readonly<Record<string, string>>): void;
  /**
   * Sets a gauge. A host without gauges leaves it out.
   *
   * @param value the value that the gauge has now.
   */
  gauge?(name: string, value: number, labels: Readonly<Record<string, string>>): void;
}

/** Discards everything. */
export const noTelemetry: Telemetry = { log: () => undefined, counter: () => undefined };

/** The part of `console` that {@link consoleTelemetry} writes to. */
export type ConsoleLike = Readonly<Record<'debug' | 'info' | 'warn' | 'error', (...line: unknown[]) => void>>;

const consoleMethods = { trace: 'debug', debug: 'debug', info: 'info', warn: 'warn', error: 'error' } as const;

/**
 * Makes a telemetry that writes to a console: a line for each log event, and a line at level debug
 * for each counter (`name +1`), measurement (`name 0.5`) and gauge (`name = 2`).
 */
export function consoleTelemetry(console: ConsoleLike = globalThis.console): Required<Telemetry> {
  return {
    log: ({ level, target, message, fields }) => console[consoleMethods[level]](`${target}: ${message}`, fields),
    counter: (name, value, labels) => console.debug(`${name} +${value}`, labels),
    histogram: (name, value, labels) => console.debug(`${name} ${value}`, labels),
    gauge: (name, value, labels) => console.debug(`${name} = ${value}`, labels),
  };
}

/** The part of `node:diagnostics_channel` that {@link diagnosticsChannelTelemetry} needs. */
export interface DiagnosticsChannels {
  channel(name: string): { readonly hasSubscribers: boolean; publish(message: unknown): void };
}

/** The channel that carries {@link LogEvent}s. */
export const LOG_CHANNEL = 'cc-lb-runtime-protocol:log';

/** The channel that carries counters as `{ name, value, labels }`. */
export const COUNTER_CHANNEL = 'cc-lb-runtime-protocol:counter';

/** The channel that carries measurements of histograms as `{ name, value, labels }`. */
export const HISTOGRAM_CHANNEL = 'cc-lb-runtime-protocol:histogram';

/** The channel that carries gauges as `{ name, value, labels }`. */
export const GAUGE_CHANNEL = 'cc-lb-runtime-protocol:gauge';

/**
 * Makes a telemetry that publishes log events and metrics on diagnostics channels, one for each
 * kind. Without subscribers it costs almost nothing.
 *
 * @param diagnosticsChannel the module `node:diagnostics_channel`. The caller passes it because not
 * every runtime has it.
 */
export function diagnosticsChannelTelemetry(diagnosticsChannel: DiagnosticsChannels): Required<Telemetry> {
  const logs = diagnosticsChannel.channel(LOG_CHANNEL);
  const metrics = (channelName: string): Telemetry['counter'] => {
    const channel = diagnosticsChannel.channel(channelName);
    return (name, value, labels) => {
      if (channel.hasSubscribers) channel.publish({ name, value, labels });
    };
  };
  return {
    log: (event) => {
      if (logs.hasSubscribers) logs.publish(event);
    },
    counter: metrics(COUNTER_CHANNEL),
    histogram: metrics(HISTOGRAM_CHANNEL),
    gauge: metrics(GAUGE_CHANNEL),
  };
}
