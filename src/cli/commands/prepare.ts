import type { Generation } from '../../generation/index.ts';
import { prepareHooks } from '../../hooks/index.ts';
import { type FailureReport, reportedResult } from '../../inspection/failure-report.ts';
import { formatBytes } from '../../inspection/module-types.ts';
import { type CompileOptions, preparePlugin } from '../../plugin/index.ts';
import { printable } from '../../printable.ts';
import { DOCUMENT_VERSION, jsonDocument } from '../output/json-document.ts';
import { type Paint, painter } from '../output/terminal.ts';
import { defineCommand, EXIT, type Io } from '../program/command.ts';
import { inputName, outputPlace, readInput, refuseModuleOnStdout, STDOUT, writeOutput } from '../program/input-file.ts';
import { generationFor } from './generation.ts';
import { fileOperand, limitOption, limitsOf } from './options.ts';

const options = {
  output: {
    short: 'o',
    value: 'OUT',
    required: true,
    summary: 'the file to write; an existing file is replaced, but never FILE; - is standard output',
  },
  limit: limitOption,
  kernel: {
    value: 'WHERE',
    choices: ['linked', 'instance'],
    summary:
      'where the kernel is: in the module, or, for engines that take one memory, in an instance; by default linked',
    only: { generation: 1, because: 'a hook plugin has no kernel' },
  },
} as const;

const preparations: Readonly<Record<Generation, (wasm: Uint8Array, options: CompileOptions) => Uint8Array>> = {
  1: (wasm, { kernel, limits }) => preparePlugin(wasm, { kernel, limits }),
  2: (wasm, { limits }) => prepareHooks(wasm, { limits }),
};

/** The outcome of preparing a module. Sizes are in bytes. */
export interface Preparation {
  readonly file: string;
  readonly bytes: number;
  /** The file that the prepared module was written to; missing if preparing failed. */
  readonly output?: string;
  readonly preparedBytes?: number;
  /** How long preparing took, in milliseconds. */
  readonly durationMs: number;
  /** Why the module could not be prepared. */
  readonly error?: FailureReport;
}

/** The JSON document on a preparation. */
export interface PreparationDocument extends Preparation {
  readonly version: typeof DOCUMENT_VERSION;
  readonly generation: Generation;
}

/** `prepare FILE -o OUT`: writes the metered bytes of a plugin. */
export const prepare = defineCommand({
  name: 'prepare',
  summary: 'Writes a plugin with metering to a file, for hosts that may not compile',
  description: [
    'Writes metering of fuel, time, memory and stack into the bytes of a plugin, as a host does',
    'when it compiles one. OUT is a WebAssembly module whose custom sections say what the host',
    'needs to know. Some hosts, such as edge workers, are deployed with compiled modules. They use',
    'OUT as a WebAssembly.Module, and compile nothing at run time.',
    '',
    'Generation 1: the kernel is written too. Give OUT to compilePlugin or to admit.',
    'Generation 2: the module must be a hook plugin. Give OUT to admitHooks.',
    '',
    'With -o - the bytes go to standard output, and the report to standard error.',
    '',
    'Keep the original: a later version of this program cannot prepare OUT again. In some edge',
    'workers the clock stands still while code runs. There only fuel bounds a call.',
  ],
  operands: { FILE: fileOperand },
  options,
  exits: {
    0: 'OUT is written',
    1: 'FILE is not a module that can be metered, is rejected as a hook plugin, or is prepared already',
    2: 'the arguments are wrong, FILE cannot be read, or OUT cannot be written',
  },
  examples: [
    { line: 'prepare plugin.wasm -o prepared.wasm', meaning: 'a file to deploy with the host' },
    {
      line: 'prepare plugin.wasm -o prepared.wasm --json | jq .preparedBytes',
      meaning: 'how large is the prepared module?',
    },
    { line: 'prepare plugin.wasm -o - | gzip > prepared.wasm.gz', meaning: 'the bytes for another program' },
  ],
  run: async (args, io) => {
    const { FILE, output, limit, kernel, json } = args;
    refuseModuleOnStdout(io, output, json);
    const wasm = await readInput(io, FILE);
    const generation = generationFor(wasm, options, args);
    const settings = { kernel, limits: limitsOf(limit) };
    const preparation = await prepareFile(io, FILE, output, wasm, () => preparations[generation](wasm, settings));
    const report = output === STDOUT ? io.stderr : io.stdout;
    const lines = preparationLines(preparation, painter(report.color));
    const document: PreparationDocument = { version: DOCUMENT_VERSION, generation, ...preparation };
    report.write(json ? jsonDocument(document) : `${lines.join('\n')}\n`);
    return preparation.error === undefined ? EXIT.ok : EXIT.failed;
  },
});

async function prepareFile(
  io: Io,
  path: string,
  output: string,
  wasm: Uint8Array,
  work: () => Uint8Array,
): Promise<Preparation> {
  const source = { file: inputName(path), bytes: wasm.length };
  const since = performance.now();
  const prepared = reportedResult(work);
  const durationMs = performance.now() - since;
  if (!prepared.ok) return { ...source, durationMs, error: prepared.error };
  await writeOutput(io, [path], output, prepared.value);
  return { ...source, output, preparedBytes: prepared.value.length, durationMs };
}

function preparationLines(preparation: Preparation, paint: Paint): string[] {
  const { file, bytes, output = STDOUT, preparedBytes = 0, durationMs, error } = preparation;
  const name = paint('bold', printable(file));
  if (error !== undefined) {
    return [`${name}: ${paint('red', 'not prepared')}`, `  ${error.kind}: ${printable(error.message)}`];
  }
  return [
    `${name}: ${paint('green', 'prepared')} in ${durationMs.toFixed(1)} ms`,
    `  ${formatBytes(bytes)} became ${formatBytes(preparedBytes)}, ${outputPlace(output)}`,
  ];
}
