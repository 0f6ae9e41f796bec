import { printable } from '../../printable.ts';
import type { Paint } from '../output/terminal.ts';
import type { PluginFiles } from '../program/plugin-files.ts';

/** Says how many files were found in each directory. */
export function directoryLines({ directories }: Pick<PluginFiles, 'directories'>, paint: Paint): string[] {
  return directories.map(({ path, found }) =>
    paint('dim', `${printable(path)}: ${found} ${found === 1 ? 'file ends' : 'files end'} in .wasm`),
  );
}

/**
 * Says why there is no report on a file.
 *
 * @param message of a CommandLineError, which is printable.
 */
export function errorLine(message: string, paint: Paint): string {
  return `${paint('red', 'error:')} ${message}`;
}
