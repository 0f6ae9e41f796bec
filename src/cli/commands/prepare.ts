import { type FailureReport, reportFailure } from '../../inspection/failure-report.ts';
import { formatBytes } from '../../inspection/module-types.ts';
import { type CompileOptions, preparePlugin } from '../../plugin/index.ts';
import { printable } from '../../printable.ts';
import { jsonDocument } from '../output/json-document.ts';
import { type Paint, painter } from '../output/paint.ts';
import { type Command, EXIT, type Io } from '../program/command.ts';
import { CommandLineError } from '../program/command-line-error.ts';
import { inputName, readInput, writeOutput } from '../program/input-file.ts';
import { limitOption, limitsOf } from '../program/limit-option.ts';

/** What became of a module that was to be prepared. Sizes are in bytes. */
export interface Preparation {
  readonly file: string;
  readonly bytes: number;
  /** Where the prepared module was written; missing when it was not. */
  readonly output?: string;
  readonly preparedBytes?: number;
  /** How long it took to write the metering into the module. */
  readonly durationMs: number;
  /** Why it could not be prepared. */
  readonly error?: FailureReport;
}

/** `prepare FILE -o OUT`: writes the metered bytes of a plugin. */
export const prepare: Command = {
  name: 'prepare',
  summary: 'Writes a plugin with its metering to a file, for hosts that cannot compile',
  description: [
    'Writes fuel, deadline, memory and stack metering and the kernel into the bytes of a plugin, as',
    'hosts of this package do when they compile one, and writes the result to OUT: a WebAssembly',
    'module that says in sections of its own what the host needs to know. A host that is deployed',
    'with its modules compiled, as edge workers are, gives it to compilePlugin, or to admit, as a',
    'WebAssembly.Module, and compiles nothing at run time.',
    '',
    'Keep the original: only it can be prepared again by a later version. Where the clock stands',
    'still while code runs, as in some edge workers, only fuel bounds a call.',
  ],
  operands: [{ name: 'FILE', summary: "the plugin's module; - reads it from standard input" }],
  options: [
    {
      name: 'output',
      short: 'o',
      value: 'OUT',
      required: true,
      summary: 'the file to write; one that is there is replaced, but never FILE',
    },
    limitOption,
    {
      name: 'kernel',
      value: 'WHERE',
      summary: 'linked, in the module (default); or instance, for engines that take one memory',
    },
  ],
  exits: {
    0: 'OUT is written',
    1: 'FILE is no module that can be metered, or is prepared already',
    2: 'the arguments are wrong, or FILE cannot be read, or OUT not written',
  },
  examples: [
    { line: 'prepare plugin.wasm -o prepared.wasm', meaning: 'a file to deploy with the host' },
    { line: 'prepare plugin.wasm -o prepared.wasm --json | jq .preparedBytes', meaning: 'how large it became' },
  ],
  run: async (args, io) => {
    const kernel = kernelOf(args.value('kernel'));
    const output = args.value('output') ?? '';
    const limits = limitsOf(args.values('limit'));
    const preparation = await prepareFile(io, args.operand('FILE'), output, { kernel, limits });
    const lines = preparationLines(preparation, painter(io.stdout.color));
    io.stdout.write(args.flag('json') ? jsonDocument(preparation) : `${lines.join('\n')}\n`);
    return preparation.error === undefined ? EXIT.ok : EXIT.failed;
  },
};

type Kernel = 'linked' | 'instance';

function kernelOf(given = 'linked'): Kernel {
  if (given === 'linked' || given === 'instance') return given;
  throw new CommandLineError({ kind: 'InvalidValue', option: '--kernel', given, expected: 'linked or instance' });
}

async function prepareFile(io: Io, path: string, output: string, options: CompileOptions): Promise<Preparation> {
  const wasm = await readInput(io, path);
  const source = { file: inputName(path), bytes: wasm.length };
  const since = performance.now();
  const prepared = attempt(wasm, options);
  const durationMs = performance.now() - since;
  if ('error' in prepared) return { ...source, durationMs, error: prepared.error };
  await writeOutput(io, path, output, prepared.bytes);
  return { ...source, output, preparedBytes: prepared.bytes.length, durationMs };
}

function attempt(
  wasm: Uint8Array,
  options: CompileOptions,
): { readonly bytes: Uint8Array } | { readonly error: FailureReport } {
  try {
    return { bytes: preparePlugin(wasm, options) };
  } catch (error) {
    return { error: reportFailure(error) };
  }
}

function preparationLines(preparation: Preparation, paint: Paint): string[] {
  const { file, bytes, output, preparedBytes = 0, durationMs, error } = preparation;
  const name = paint('bold', printable(file));
  if (error !== undefined) {
    return [`${name}: ${paint('red', 'not prepared')}`, `  ${error.kind}: ${printable(error.message)}`];
  }
  return [
    `${name}: ${paint('green', 'prepared')} in ${durationMs.toFixed(1)} ms`,
    `  ${formatBytes(bytes)} became ${formatBytes(preparedBytes)}, in ${printable(output ?? '')}`,
  ];
}
