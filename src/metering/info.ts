import { readJsonSection } from '../wasm/index.ts';
import { MeteringError } from './error.ts';
import { METERING_SECTION, type MeteringInfo } from './metered-module.ts';

/**
 * What the custom section of a compiled metered module says.
 *
 * @throws MeteringError `InvalidArgument` when the module was not made by `meterModule`, or by another version of it.
 */
export function readMeteringInfo(module: WebAssembly.Module): MeteringInfo {
  const info = readJsonSection(module, METERING_SECTION);
  if (typeof info === 'object' && info !== null && 'version' in info && info.version === 3) {
    // This package alone writes the section, with this version, from a value of this type. A forged one is the caller's to keep out:
    // whoever hands in a compiled module vouches for it (SECURITY.md).
    return info as MeteringInfo;
  }
  const expected = 'a module that meterModule has made, with the metering section that this version writes';
  throw new MeteringError({ kind: 'InvalidArgument', argument: 'module', expected });
}

/** Whether a compiled module carries metering. */
export function isMetered(module: WebAssembly.Module): boolean {
  return WebAssembly.Module.customSections(module, METERING_SECTION).length > 0;
}
