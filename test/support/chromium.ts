import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A Chromium of this machine. */
export interface Chromium {
  readonly command: string;
  /** Its name and version. */
  readonly title: string;
}

/**
 * Looks for Chromium: the path in the variable CHROMIUM, else the first known name on PATH.
 *
 * @returns undefined if this machine has none that starts.
 */
export function findChromium(): Chromium | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const onPath = ['chromium', 'chromium-browser', 'google-chrome'].flatMap((name) =>
    folders.map((folder) => join(folder, name)),
  );
  const { CHROMIUM: chosen } = process.env;
  for (const command of chosen === undefined ? onPath.filter(existsSync) : [chosen]) {
    const { status, stdout } = spawnSync(command, ['--version'], { encoding: 'utf8', timeout: 30_000 });
    if (status === 0) return { command, title: `chromium ${/[\d.]+/.exec(stdout)?.[0] ?? ''}` };
  }
  return undefined;
}
