import type { Generation } from '../generation/index.ts';
import type { ModuleReport } from '../inspection/module-report.ts';

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

/** Why a file was not opened. */
export function refusalOf(file: { readonly size: number }): string | undefined {
  if (file.size <= FILE_MAX) return undefined;
  const [size, max] = [file.size, FILE_MAX].map((bytes) => `${(bytes / 1024 / 1024).toFixed(0)} MiB`);
  return (
    `It has ${size}, and this page takes at most ${max}. Hosts refuse modules of more than 16 MiB by ` +
    'default. `cc-lb-plugin inspect` reads files up to 256 MiB.'
  );
}
