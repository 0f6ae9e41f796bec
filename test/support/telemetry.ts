import type { Telemetry } from '../../src/telemetry.ts';

/** A telemetry whose counters fail with an error. */
export function failingCounters(error: Error): Telemetry {
  return {
    log: () => undefined,
    counter: () => {
      throw error;
    },
  };
}
