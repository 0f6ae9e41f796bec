import { reasonOf } from '../failure.ts';
import { isPromise, silence } from '../realms.ts';
import { consoleTelemetry, type Telemetry } from '../telemetry.ts';

/** The target of the log events of a host. */
export const LOG_TARGET = 'cc_lb_plugin.host';

/**
 * Makes a telemetry that never throws, so that it can break neither a call nor a swap.
 *
 * @param telemetry the host's own. Its functions may be asynchronous: nobody waits for them.
 * @param onError gets what it throws, or rejects with. What `onError` throws becomes an uncaught
 * exception.
 */
export function containedTelemetry(telemetry: Telemetry, onError: (error: unknown) => void): Telemetry {
  const tell = (error: unknown): void => {
    try {
      onError(error);
    } catch (thrown) {
      queueMicrotask(() => {
        throw thrown;
      });
    }
  };
  const contained = (report: () => unknown): void => {
    try {
      const reported = report();
      // Otherwise a rejection would end the process.
      if (isPromise(reported)) silence(reported, tell);
    } catch (error) {
      tell(error);
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
 * Makes a telemetry that reports a plugin under a name that the host chose, instead of the one that
 * the plugin's author chose.
 */
export function telemetryOfPlugin(telemetry: Telemetry, plugin: string): Telemetry {
  const relabelled = (labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
    labels.plugin === undefined ? labels : { ...labels, plugin };
  return {
    log: (event) => telemetry.log({ ...event, fields: relabelled(event.fields) }),
    counter: (name, value, labels) => telemetry.counter(name, value, relabelled(labels)),
    ...(telemetry.histogram && {
      histogram: (name, value, labels) => telemetry.histogram?.(name, value, relabelled(labels)),
    }),
    ...(telemetry.gauge && { gauge: (name, value, labels) => telemetry.gauge?.(name, value, relabelled(labels)) }),
  };
}
