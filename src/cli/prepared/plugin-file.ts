import { reasonOf } from '../../failure.ts';
import { generationOf } from '../../generation/index.ts';
import { formatBytes, formatCount } from '../../inspection/module-types.ts';
import { isPrepared, loadPrepared } from '../../inspection/prepared.ts';
import { printable } from '../../printable.ts';
import { jsonDocument } from '../output/json-document.ts';
import { painter } from '../output/terminal.ts';
import { EXIT, type ExitCode, type Io } from '../program/command.ts';
import { CommandLineError } from '../program/command-line-error.ts';
import { inputName, readInput } from '../program/input-file.ts';
import type { ConfinedEnd } from './confinement.ts';

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

/** What {@link withPluginFile} needs of the arguments of a command. */
export interface PluginArguments {
  readonly FILE: string;
  readonly json: boolean;
  readonly reporter?: string | undefined;
}

/** What the command line says of prepared plugins. */
export const PREPARED_RULE: readonly string[] = [
  'A prepared FILE runs in a child process, because its metering is believed, not checked. The',
  'child is ended, with exit code 1, if the plugin takes 6 seconds to load, or if a run of it takes',
  'a second longer than it may. A run is a call, or the start function; in an admission each may',
  'take 200 ms. Such a FILE has `prepared: true` in JSON, and --limit does not apply to it.',
];

/**
 * Reads a plugin, and does something with it. If it is prepared, a child process does so: its bytes
 * may be a stranger's, whose forged sections say that the module meters itself.
 *
 * @throws CommandLineError `Unreadable`, `NoChildProcess`, `UnusablePreparation`, and what `work`
 * throws.
 */
export async function withPluginFile(
  io: Io,
  args: PluginArguments,
  work: (plugin: PluginFile) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { confinement } = io;
  if (confinement !== undefined) return await workConfined(confinement.file, confinement.plugin, work);
  const bytes = await readInput(io, args.FILE);
  if (!isPrepared(bytes)) return await work({ bytes, mark: {}, prepared: () => undefined });
  const asJson = args.json || args.reporter === 'json';
  const name = inputName(args.FILE);
  if (!asJson) remark(io, 'yellow', 'note:', `${name} is prepared: its metering is believed, not checked`);
  const end = await io.runConfined({ file: args.FILE, plugin: bytes, stdout: io.stdout, stderr: io.stderr });
  if (end.kind === 'not started') throw new CommandLineError({ kind: 'NoChildProcess', reason: end.reason });
  if (end.kind === 'exited') {
    // Commands that run a plugin print text.
    if (end.stdout.length > 0) io.stdout.write(new TextDecoder().decode(end.stdout));
    return end.code;
  }
  // The cast: the table has the text for this kind, which the compiler cannot follow.
  const [kind, textOf] = faults[end.kind] as readonly [kind: string, text: (given: Fault) => string];
  const text = textOf(end);
  remark(io, 'red', 'error:', `${name}: ${text}`);
  if (asJson) io.stdout.write(jsonDocument({ file: name, prepared: true, error: { kind, message: text } }));
  return EXIT.failed;
}

function remark({ stderr }: Io, style: 'yellow' | 'red', label: string, text: string): void {
  stderr.write(`${painter(stderr.color)(style, label)} ${printable(text)}\n`);
}

/** The ends of a child that are the plugin's fault. */
type Fault = Exclude<ConfinedEnd, { kind: 'exited' | 'not started' }>;

const FORGED = 'its metering is forged or broken';

/** The kind of each fault in JSON, and its text. */
const faults: {
  readonly [K in Fault['kind']]: readonly [kind: string, text: (end: Extract<Fault, { kind: K }>) => string];
} = {
  'did not stop': [
    'DidNotStop',
    ({ afterMs }) => `ended after ${formatCount(Math.round(afterMs))} ms: the plugin did not stop; ${FORGED}`,
  ],
  'wrote too much': ['WroteTooMuch', ({ bytes }) => `ended: it wrote more than ${formatBytes(bytes)}; ${FORGED}`],
  died: ['Died', ({ by }) => `its process ended with ${by}: the engine did not survive the plugin`],
};

async function workConfined(
  file: string,
  bytes: Uint8Array,
  work: (plugin: PluginFile) => Promise<ExitCode>,
): Promise<ExitCode> {
  const unusable = (reason: string, options?: ErrorOptions): CommandLineError =>
    new CommandLineError({ kind: 'UnusablePreparation', path: inputName(file), reason }, options);
  const prepared = (): WebAssembly.Module => {
    const loaded = loadPrepared(bytes, generationOf(bytes) ?? 1);
    if (loaded instanceof WebAssembly.Module) return loaded;
    throw unusable(loaded.unusable);
  };
  try {
    return await work({ bytes, mark: { prepared: true }, prepared });
  } catch (error) {
    if (error instanceof CommandLineError) throw error;
    // The library trusts the sections of a module, so forged ones make it fail anywhere.
    throw unusable(`its sections are forged or broken: ${reasonOf(error)}`, { cause: error });
  }
}
