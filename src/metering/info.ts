import { readJsonSection } from '../wasm/index.ts';
import { MeteringError } from './error.ts';
import { METERING_SECTION, METERING_VERSION, type MeteringInfo } from './metering-section.ts';

/** The section that the first release wrote: the version was part of the name. */
const FIRST_SECTION = 'cc_lb.metering.v3';

/**
 * What the custom section of a compiled metered module says.
 *
 * @throws MeteringError `InvalidArgument` when the module was not made by `meterModule`, or by one that writes another version of the section.
 */
export function readMeteringInfo(module: WebAssembly.Module): MeteringInfo {
  const info = readJsonSection(module, METERING_SECTION);
  const version = hasSection(module, FIRST_SECTION) ? 3 : versionOf(info);
  if (version === METERING_VERSION) {
    // This package alone writes the section, with this version, from a value of this type. A forged one is the caller's to keep out:
    // whoever hands in a compiled module vouches for it (SECURITY.md).
    return info as MeteringInfo;
  }
  const expected =
    version === undefined
      ? 'a module that meterModule has made'
      : `prepared anew from its original bytes: its metering section is of version ${version}, this package reads ${METERING_VERSION}`;
  throw new MeteringError({ kind: 'InvalidArgument', argument: 'module', expected });
}

/** Whether a compiled module carries metering, of this version or another. */
export function isMetered(module: WebAssembly.Module): boolean {
  return hasSection(module, METERING_SECTION) || hasSection(module, FIRST_SECTION);
}

function hasSection(module: WebAssembly.Module, name: string): boolean {
  return WebAssembly.Module.customSections(module, name).length > 0;
}

function versionOf(info: unknown): number | undefined {
  if (typeof info !== 'object' || info === null || !('version' in info)) return undefined;
  return typeof info.version === 'number' ? info.version : undefined;
}
