/** How severe a log event is. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';

/** One log event. It never holds anything of a request or a secret; a plugin's own log text is the plugin's. */
export interface LogEvent {
  readonly level: LogLevel;
  /** Where in the host it comes from: `cc_lb_plugin.dispatch`, `cc_lb_plugin.log`. */
  readonly target: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * Where counters and log events go. The host fills it; every function that reports takes one and reports nowhere without.
 * What a telemetry throws reaches whoever made the host report.
 */
export interface Telemetry {
  log(event: LogEvent): void;
  /**
   * Raises a counter.
   *
   * @param value by how much, 0 or more; a `bigint` when a plugin gave the number.
   */
  counter(name: string, value: number | bigint, labels: Readonly<Record<string, string>>): void;
}

/** Reports nowhere. */
export const noTelemetry: Telemetry = { log: () => undefined, counter: () => undefined };

/** The part of `console` that {@link consoleTelemetry} writes to. */
export type ConsoleLike = Readonly<Record<'debug' | 'info' | 'warn' | 'error', (...line: unknown[]) => void>>;

const consoleMethods = { trace: 'debug', debug: 'debug', info: 'info', warn: 'warn', error: 'error' } as const;

/** Writes log events to a console, one line each, and counters as lines at level debug. */
export function consoleTelemetry(console: ConsoleLike = globalThis.console): Telemetry {
  return {
    log: ({ level, target, message, fields }) => console[consoleMethods[level]](`${target}: ${message}`, fields),
    counter: (name, value, labels) => console.debug(`${name} +${value}`, labels),
  };
}

/** The part of `node:diagnostics_channel` that {@link diagnosticsChannelTelemetry} needs. */
export interface DiagnosticsChannels {
  channel(name: string): { readonly hasSubscribers: boolean; publish(message: unknown): void };
}

/** The channel that carries {@link LogEvent}s. */
export const LOG_CHANNEL = 'cc-lb-runtime-protocol:log';

/** The channel that carries `{ name, value, labels }` of counters. */
export const COUNTER_CHANNEL = 'cc-lb-runtime-protocol:counter';

/**
 * Publishes log events and counters on two diagnostics channels, at almost no cost while nobody listens.
 *
 * @param diagnosticsChannel the module `node:diagnostics_channel`, given by the caller since not every runtime has it.
 */
export function diagnosticsChannelTelemetry(diagnosticsChannel: DiagnosticsChannels): Telemetry {
  const logs = diagnosticsChannel.channel(LOG_CHANNEL);
  const counters = diagnosticsChannel.channel(COUNTER_CHANNEL);
  return {
    log: (event) => {
      if (logs.hasSubscribers) logs.publish(event);
    },
    counter: (name, value, labels) => {
      if (counters.hasSubscribers) counters.publish({ name, value, labels });
    },
  };
}
