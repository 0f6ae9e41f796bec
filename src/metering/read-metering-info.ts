import { MeteringError } from './error.ts';
import { findMeteringInfo, type MeteringInfo } from './metering-section.ts';

/**
 * What the custom section of a compiled metered module says.
 *
 * @throws MeteringError `InvalidArgument` when the module was not made by `meterModule`, or by one
 * that writes another version of the section.
 */
export function readMeteringInfo(module: WebAssembly.Module): MeteringInfo {
  const info = findMeteringInfo(module);
  if (typeof info !== 'string') return info;
  throw new MeteringError({ kind: 'InvalidArgument', argument: 'module', expected: info });
}
