import { reasonOf } from '../../failure.ts';
import { generationOf } from '../../generation/index.ts';
import { isPrepared, loadPrepared } from '../../inspection/prepared.ts';
import { printable } from '../../printable.ts';
import { jsonDocument } from '../output/json-document.ts';
import { painter } from '../output/terminal.ts';
import type { Io } from '../program/command.ts';
import { CommandLineError, type CommandLineFailure } from '../program/command-line-error.ts';
import { inputName, readInput } from '../program/input-file.ts';
import type { ConfinedFault, Confinement } from './confinement.ts';

/** A file with a plugin, as commands get it. */
export interface PluginFile {
  readonly bytes: Uint8Array;
  /** `{ prepared: true }` for the documents of `--json`; no field if the plugin is not prepared. */
  readonly mark: { readonly prepared?: true };
  /**
   * The module of a prepared plugin, with metering that is believed; `undefined` if the plugin is
   * not prepared.
   *
   * @throws CommandLineError `UnusablePreparation`.
   */
  readonly prepared: () => WebAssembly.Module | undefined;
}

/** What the command line says of prepared plugins. */
export const PREPARED_RULE: readonly string[] = [
  'A prepared FILE runs in a child process, because its metering is believed, not checked. The',
  'child is ended, with exit code 1, if the plugin takes 6 seconds to load, or if a run exceeds its',
  'time limit by a second. A run is a call or the start function. In an admission, the limit of',
  'each is 200 ms. Such a FILE has `prepared: true` in JSON, and --limit does not apply to it.',
];

/**
 * Reads a plugin, and reports on it. If it is prepared, a child process does so: its bytes may be a
 * stranger's, whose forged sections say that the module meters itself.
 *
 * @param path of the file, or `-`.
 * @param isQuiet whether to leave out the note that metering is believed, as beside JSON.
 * @param report makes the report, of plain values.
 * @param onRead gets the bytes, outside of the child process.
 * @throws CommandLineError `Unreadable`; for a prepared plugin also `DidNotStop`, `WroteTooMuch`,
 * `Died`, `NoChildProcess`, `UnusablePreparation`. And what `report` throws.
 */
export async function reportOnPlugin<Report>(
  io: Io,
  path: string,
  isQuiet: boolean,
  report: (plugin: PluginFile) => Promise<Report>,
  onRead?: (plugin: Uint8Array) => Promise<void>,
): Promise<Report> {
  const { confinement, stdout, stderr } = io;
  if (confinement !== undefined) return await answer(confinement, path, report);
  const plugin = await readInput(io, path);
  await onRead?.(plugin);
  if (!isPrepared(plugin)) return await report({ bytes: plugin, mark: {}, prepared: () => undefined });
  if (!isQuiet) {
    const note = `${inputName(path)} is prepared: its metering is believed, not checked`;
    stderr.write(`${painter(stderr.color)('yellow', 'note:')} ${printable(note)}\n`);
  }
  const end = await io.runConfined({ file: path, plugin, stdout, stderr, readStdin: io.readStdin });
  if (end.kind !== 'Answered') throw new CommandLineError(failureOf(end, inputName(path)));
  // The cast: the child runs this command too, and gives an Answer of the same report.
  const given = JSON.parse(end.text) as Answer<Report>;
  if ('failure' in given) throw new CommandLineError(given.failure);
  return given.report;
}

/** What a child gives to its parent. */
type Answer<Report> = { readonly report: Report } | { readonly failure: CommandLineFailure };

function failureOf(fault: ConfinedFault, path: string): CommandLineFailure {
  return fault.kind === 'NoChildProcess' ? fault : { ...fault, path };
}

async function answer<Report>(
  confinement: Confinement,
  path: string,
  report: (plugin: PluginFile) => Promise<Report>,
): Promise<Report> {
  const { file, plugin: bytes } = confinement;
  // A command on several files comes to the others too.
  if (path !== file) throw unusable(path, `this process is about ${printable(file)}`);
  const prepared = (): WebAssembly.Module => {
    const loaded = loadPrepared(bytes, generationOf(bytes) ?? 1);
    if (loaded instanceof WebAssembly.Module) return loaded;
    throw unusable(path, loaded.unusable);
  };
  const give = (given: Answer<Report>): void => confinement.answer(jsonDocument(given));
  try {
    const made = await report({ bytes, mark: { prepared: true }, prepared });
    give({ report: made });
    return made;
  } catch (error) {
    // The library trusts the sections of a module, so forged ones make it fail anywhere.
    const reason = `its sections are forged or broken: ${reasonOf(error)}`;
    const failed = error instanceof CommandLineError ? error : unusable(path, reason, { cause: error });
    give({ failure: failed.failure });
    throw failed;
  }
}

function unusable(path: string, reason: string, options?: ErrorOptions): CommandLineError {
  return new CommandLineError({ kind: 'UnusablePreparation', path: inputName(path), reason }, options);
}
