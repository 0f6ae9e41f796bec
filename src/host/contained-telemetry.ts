import { reasonOf } from '../failure.ts';
import { consoleTelemetry, type Telemetry } from '../telemetry.ts';

/** The target of the log events of a host. */
export const LOG_TARGET = 'cc_lb_plugin.host';

/**
 * Makes a telemetry that never throws, so that it can break neither a call nor a swap.
 *
 * @param telemetry the host's own.
 * @param onError gets what it throws. Exceptions from `onError` propagate.
 */
export function containedTelemetry(telemetry: Telemetry, onError: (error: unknown) => void): Telemetry {
  const contained = (report: () => void): void => {
    try {
      report();
    } catch (error) {
      onError(error);
    }
  };
  return {
    log: (event) => contained(() => telemetry.log(event)),
    counter: (name, value, labels) => contained(() => telemetry.counter(name, value, labels)),
    ...(telemetry.histogram && {
      histogram: (name, value, labels) => contained(() => telemetry.histogram?.(name, value, labels)),
    }),
    ...(telemetry.gauge && {
      gauge: (name, value, labels) => contained(() => telemetry.gauge?.(name, value, labels)),
    }),
  };
}

/** Returns what writes the first error that it gets to the console. */
export function firstToConsole(): (error: unknown) => void {
  let written = false;
  return (error) => {
    if (written) return;
    written = true;
    const message = 'the telemetry threw; what it throws from now on is not written';
    consoleTelemetry().log({ level: 'error', target: LOG_TARGET, message, fields: { error: reasonOf(error) } });
  };
}

/**
 * Makes a telemetry for what a plugin itself reports: with the name in its key, which the host
 * chose, instead of the one that its author chose.
 */
export function telemetryOfPlugin(telemetry: Telemetry, plugin: string): Telemetry {
  return {
    log: (event) => telemetry.log({ ...event, fields: { ...event.fields, plugin } }),
    counter: (name, value) => telemetry.counter(name, value, { plugin }),
  };
}
