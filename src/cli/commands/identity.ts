import { type FailureReport, reportFailure } from '../../inspection/failure-report.ts';
import { formatBytes } from '../../inspection/module-types.ts';
import { printable } from '../../printable.ts';
import { IdentityReadError, readIdentity } from '../../protocol/identity.ts';
import { JsonEncodeError, type PluginIdentity } from '../../protocol/messages/index.ts';
import { writeIdentity } from '../../protocol/write-identity.ts';
import { nearestName } from '../new/plugin-name.ts';
import { DOCUMENT_VERSION, jsonDocument } from '../output/json-document.ts';
import { type Paint, painter } from '../output/terminal.ts';
import { defineCommand, EXIT } from '../program/command.ts';
import { CommandLineError } from '../program/command-line-error.ts';
import { inputName, outputPlace, readInput, refuseModuleOnStdout, STDOUT, writeOutput } from '../program/input-file.ts';
import { failedLines } from '../reports/failure-text.ts';
import { generationFor } from './generation.ts';
import { fileOperand } from './options.ts';

const only = { generation: 1, because: 'its metadata has its name and version' } as const;

const options = {
  name: { value: 'NAME', required: true, summary: 'the name of the plugin', only },
  version: { value: 'VERSION', required: true, summary: 'the version of the plugin, and not of this program', only },
  output: {
    short: 'o',
    value: 'OUT',
    default: STDOUT,
    summary: 'the file to write; an existing file is replaced, but never FILE; - is standard output',
  },
} as const;

interface Source {
  readonly version: typeof DOCUMENT_VERSION;
  readonly generation: 1;
  readonly file: string;
  /** The length of the file, in bytes. */
  readonly bytes: number;
}

/** The JSON document on an identity that was written. */
export interface WrittenIdentity extends Source {
  readonly identity: PluginIdentity;
  /** The file that was written, or `-`. */
  readonly output: string;
  readonly writtenBytes: number;
}

/** The JSON document on an identity that could not be written. */
export interface UnwrittenIdentity extends Source {
  readonly error: FailureReport;
}

/** `identity FILE --name NAME --version VERSION`: the section that names a plugin. */
export const identity = defineCommand({
  name: 'identity',
  summary: 'Writes the name and version of a plugin into its module',
  description: [
    'Writes the custom section cc_lb.plugin.v1, from which a host of generation 1 reads who a plugin',
    'is. It is for plugins whose language cannot write the section, and for files that are built',
    'already. A section that is there is replaced; several become one. All other bytes stay as they',
    'are. FILE itself is never changed.',
    '',
    'The report goes to standard error if OUT is standard output. A hook plugin is refused: it names',
    'itself in its metadata.',
  ],
  operands: { FILE: fileOperand },
  options,
  exits: {
    0: 'OUT is written',
    1: 'FILE is not a WebAssembly module',
    2: 'the arguments are wrong, FILE cannot be read or is a hook plugin, or OUT cannot be written',
  },
  examples: [
    {
      line: 'identity plugin.wasm --name my-router --version 1.0.0 -o named.wasm',
      meaning: 'a plugin that hosts know by its name',
    },
    {
      line: 'identity plugin.wasm --name my-router --version 1.0.0 | cc-lb-plugin admit -',
      meaning: 'is it admitted?',
    },
  ],
  run: async (args, io) => {
    const { FILE, name, version, output, json } = args;
    refuseModuleOnStdout(io, output, json);
    const wasm = await readInput(io, FILE);
    generationFor(wasm, options, args);
    const source: Source = { version: DOCUMENT_VERSION, generation: 1, file: inputName(FILE), bytes: wasm.length };
    const written = writtenModule(wasm, name, version);
    const isWritten = written instanceof Uint8Array;
    if (isWritten) await writeOutput(io, [FILE], output, written);
    const writing: WrittenIdentity | UnwrittenIdentity = isWritten
      ? { ...source, identity: readIdentity(written), output, writtenBytes: written.length }
      : { ...source, error: written };
    const report = output === STDOUT ? io.stderr : io.stdout;
    const text = `${writingLines(writing, painter(report.color)).join('\n')}\n`;
    report.write(json ? jsonDocument(writing) : text);
    return isWritten ? EXIT.ok : EXIT.failed;
  },
});

/** @throws CommandLineError `InvalidValue` if a plugin may not have the name or version. */
function writtenModule(wasm: Uint8Array, name: string, version: string): Uint8Array | FailureReport {
  try {
    return writeIdentity(wasm, { plugin_name: name, plugin_version: version });
  } catch (error) {
    if (error instanceof JsonEncodeError) throw refusal(error.failure.path === '$.plugin_name', error);
    if (!(error instanceof IdentityReadError)) throw error;
    const { failure } = error;
    if (failure.kind !== 'Validation') return reportFailure(error);
    throw refusal(failure.violation.kind.startsWith('PluginName'), error);
  }

  function refusal(isName: boolean, cause: Error): CommandLineError {
    const [argument, given] = isName ? ['--name', name] : ['--version', version];
    const expected = `one that a plugin may have: ${cause.message}`;
    const nearest = isName ? nearestName(given) : undefined;
    return new CommandLineError({ kind: 'InvalidValue', argument, given, expected, nearest }, { cause });
  }
}

function writingLines(writing: WrittenIdentity | UnwrittenIdentity, paint: Paint): string[] {
  const file = paint('bold', printable(writing.file));
  if ('error' in writing) return failedLines(`${file}: ${paint('red', 'not written')}`, writing.error);
  const { plugin_name, plugin_version } = writing.identity;
  return [
    `${file}: ${paint('green', 'identity written')}: ${printable(`${plugin_name} ${plugin_version}`)}`,
    `  ${formatBytes(writing.bytes)} became ${formatBytes(writing.writtenBytes)}, ${outputPlace(writing.output)}`,
  ];
}
