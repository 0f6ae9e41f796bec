import { formatCount } from '../digits.ts';
import type { Generation } from '../generation/index.ts';
import type { ModuleReport } from '../inspection/module-report.ts';
import { MODULE_LIMITS } from '../metering/index.ts';

/** The file that the page shows: its bytes never leave the page. */
export interface OpenPlugin {
  /** Another for each file that was opened: what is known of one is not shown for the next. */
  readonly id: number;
  /** The name of the file, or that of the sample. Anything may stand in it. */
  readonly file: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What the bytes say. */
  readonly report: ModuleReport;
  /** As what it is treated: 1 if its exports do not tell. */
  readonly generation: Generation;
}

/** The largest file that the page takes, in bytes: twice what a host takes by default. */
export const FILE_MAX = 32 * 1024 * 1024;

/** Why a file was not opened; `undefined` if its size says nothing against it. */
export function refusalOf({ size }: { readonly size: number }): string | undefined {
  if (size <= FILE_MAX) return undefined;
  return (
    `It has ${formatCount(size)} bytes, and this page takes at most ${formatCount(FILE_MAX)}. A host refuses ` +
    `modules of more than ${formatCount(MODULE_LIMITS.moduleBytes.byDefault)} bytes by default. ` +
    '`cc-lb-plugin inspect` reads larger files.'
  );
}
