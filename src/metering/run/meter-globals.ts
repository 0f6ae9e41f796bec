import type { MeteringInfo } from '../metering-section.ts';
import type { MeterGlobals } from './accounts.ts';

/** The meter's globals among the exports of an instance. */
export function meterGlobalsOf({ globals }: MeteringInfo, exports: WebAssembly.Exports): MeterGlobals {
  const named = Object.entries(globals).map(([name, exported]) => [name, exports[exported]]);
  // The names are those of the layout, and a metered module exports a global for each.
  return Object.fromEntries(named) as MeterGlobals;
}
