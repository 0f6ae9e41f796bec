import { consoleTelemetry, type Telemetry } from 'cc-lb-runtime-protocol/telemetry';

const console = consoleTelemetry();

/** Writes warnings and errors to the console. What plugins log at other levels is left out. */
export const logToConsole: Telemetry['log'] = (event) => {
  if (event.level === 'warn' || event.level === 'error') console.log(event);
};
