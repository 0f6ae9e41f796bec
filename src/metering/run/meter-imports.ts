import type { MeteringInfo } from '../metering-section.ts';
import type { RunMeter } from './run-meter.ts';

/** The meter's functions, as a metered module imports them. */
export function meterImports(info: MeteringInfo, meter: RunMeter): WebAssembly.Imports {
  return { [info.importModule]: meter.imports() as WebAssembly.ModuleImports };
}
