import type { Generation } from '../../generation/index.ts';
import { prepareHooks } from '../../hooks/index.ts';
import { type FailureReport, reportedResult } from '../../inspection/failure-report.ts';
import { formatBytes } from '../../inspection/module-types.ts';
import {
  kernelFor,
  ownTarget,
  preparationTargetNames,
  preparationTargets,
  targetWarning,
} from '../../inspection/preparation-target.ts';
import { type CompileOptions, preparePlugin } from '../../plugin/index.ts';
import { printable } from '../../printable.ts';
import { DOCUMENT_VERSION, jsonDocument } from '../output/json-document.ts';
import { type Paint, painter } from '../output/terminal.ts';
import { defineCommand, EXIT, type Io } from '../program/command.ts';
import { inputName, outputPlace, readInput, refuseModuleOnStdout, STDOUT, writeOutput } from '../program/input-file.ts';
import { failedLines } from '../reports/failure-text.ts';
import { generationFor } from './generation.ts';
import { fileOperand, limitOption, limitsOf } from './options.ts';

const options = {
  output: {
    short: 'o',
    value: 'OUT',
    required: true,
    summary: 'the file to write; an existing file is replaced, but never FILE; - is standard output',
  },
  for: {
    value: 'TARGET',
    choices: preparationTargetNames,
    summary: 'the host that will load OUT; it decides where the kernel is, unless --kernel does',
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
  /** Where the kernel is; missing for a hook plugin. */
  readonly kernel?: 'linked' | 'instance' | undefined;
  /** Why the host of `--for`, by default the engine that runs this, cannot load the module. */
  readonly warning?: string | undefined;
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
    'Node 20 and some browsers support one memory in a module, but the kernel brings a second. For',
    'them the kernel stays out: the host compiles it when it builds the plugin. An edge worker may',
    'not compile, so the kernel must be in OUT. --for chooses for the host. A warning says if that',
    'host cannot load OUT. Without --for, it says if the engine of this program cannot.',
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
    { line: 'prepare plugin.wasm -o prepared.wasm --for node20', meaning: 'a file for a host on Node 20' },
    { line: 'prepare plugin.wasm -o - | gzip > prepared.wasm.gz', meaning: 'the bytes for another program' },
  ],
  run: async (args, io) => {
    const { FILE, output, limit, json } = args;
    refuseModuleOnStdout(io, output, json);
    const wasm = await readInput(io, FILE);
    const generation = generationFor(wasm, options, args);
    const target = args.for === undefined ? undefined : preparationTargets[args.for];
    const kernel =
      generation === 1 ? (args.kernel ?? (target === undefined ? 'linked' : kernelFor(target))) : undefined;
    const settings = { kernel, limits: limitsOf(limit) };
    const preparation = await prepareFile(io, FILE, output, wasm, () => {
      const prepared = preparations[generation](wasm, settings);
      return { prepared, kernel, warning: targetWarning(prepared, target ?? ownTarget(), kernel) };
    });
    const { warning } = preparation;
    if (warning !== undefined) io.stderr.write(`${painter(io.stderr.color)('yellow', 'warning:')} ${warning}\n`);
    const report = output === STDOUT ? io.stderr : io.stdout;
    const lines = preparationLines(preparation, painter(report.color));
    const document: PreparationDocument = { version: DOCUMENT_VERSION, generation, ...preparation };
    report.write(json ? jsonDocument(document) : `${lines.join('\n')}\n`);
    return preparation.error === undefined ? EXIT.ok : EXIT.failed;
  },
});

/** What {@link prepareFile} makes of a module. */
interface Prepared extends Pick<Preparation, 'kernel' | 'warning'> {
  readonly prepared: Uint8Array;
}

async function prepareFile(
  io: Io,
  path: string,
  output: string,
  wasm: Uint8Array,
  work: () => Prepared,
): Promise<Preparation> {
  const source = { file: inputName(path), bytes: wasm.length };
  const since = performance.now();
  const done = reportedResult(work);
  const durationMs = performance.now() - since;
  if (!done.ok) return { ...source, durationMs, error: done.error };
  const { prepared, ...found } = done.value;
  await writeOutput(io, [path], output, prepared);
  return { ...source, output, preparedBytes: prepared.length, durationMs, ...found };
}

function preparationLines(preparation: Preparation, paint: Paint): string[] {
  const { file, bytes, output = STDOUT, preparedBytes = 0, durationMs, error } = preparation;
  const name = paint('bold', printable(file));
  if (error !== undefined) return failedLines(`${name}: ${paint('red', 'not prepared')}`, error);
  return [
    `${name}: ${paint('green', 'prepared')} in ${durationMs.toFixed(1)} ms`,
    `  ${formatBytes(bytes)} became ${formatBytes(preparedBytes)}, ${outputPlace(output)}`,
  ];
}
