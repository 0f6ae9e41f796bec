import {
  Driver,
  LAYERS,
  loadVectors,
  ownHost,
  type ReadVectorFile,
  reportVectors,
  runVectors,
  type Vector,
  VectorFileError,
  type VectorResult,
  type VectorsReport,
  vectorsJunitReport,
} from '../../conformance/index.ts';
import { jsonDocument } from '../output/json-document.ts';
import { ProgressLine } from '../output/progress.ts';
import type { Paint } from '../output/terminal.ts';
import { defineCommand, EXIT, type Io, type Option } from '../program/command.ts';
import { CommandLineError, invalidValue } from '../program/command-line-error.ts';
import { readInput } from '../program/input-file.ts';
import { TIMER_MAX_MS } from '../program/line-program.ts';
import { vectorsLines } from '../reports/vectors-text.ts';
import { positiveNumber } from './options.ts';
import { reporterOf, writeReport } from './report-output.ts';

/** Writes a report in one form. */
type Reporter = (report: VectorsReport, host: string, paint: Paint) => string;

const reporterNames = ['pretty', 'json', 'junit'] as const;

/** The reporters by the names that `--reporter` takes. */
const reporters: Readonly<Record<(typeof reporterNames)[number], Reporter>> = {
  pretty: (report, host, paint) => `${vectorsLines(report, host, paint).join('\n')}\n`,
  json: (report, host) => jsonDocument(documentOf(host, report)),
  junit: vectorsJunitReport,
};

/** The JSON document on the results of vectors. */
export interface VectorsDocument extends VectorsReport {
  /** The command of the driver, or `this package`. */
  readonly host: string;
}

function documentOf(host: string, report: VectorsReport): VectorsDocument {
  return { host, ...report };
}

const options = {
  driver: { value: 'COMMAND', summary: 'run them on the host behind this command; by default on this package' },
  layer: { value: 'NAME', choices: LAYERS, repeatable: true, summary: 'run only the vectors of this layer' },
  id: { value: 'TEXT', summary: 'run only the vectors whose id contains this' },
  dir: { value: 'DIR', summary: 'a folder of vectors; by default abi/vectors of this package' },
  timeout: { value: 'MS', summary: 'how long a driver may take for one vector; by default 10000' },
  reporter: { value: 'NAME', choices: reporterNames, summary: 'the form of the report; by default pretty' },
  output: { short: 'o', value: 'OUT', summary: 'write the report to this file' },
} as const satisfies Readonly<Record<string, Option>>;

/** `vectors`: the test vectors for hosts. */
export const vectors = defineCommand({
  name: 'vectors',
  summary: 'Runs the test vectors for hosts, on this package or on a host in any language',
  description: [
    'The vectors of abi/vectors say what a host does with a plugin. Each cites a rule of PROTOCOL.md,',
    'KERNEL.md or HOOKS.md. The report counts, for each layer, the vectors that passed, that failed,',
    'and for which the host lacks something.',
    '',
    'With --driver, COMMAND is started by the shell. It gets a line of JSON for each vector and',
    'answers with a line of JSON. abi/vectors/README.md defines both. A program that dies, writes',
    'something else, or takes too long fails the vector, and is started again for the next one.',
  ],
  operands: {},
  options,
  exits: {
    0: 'no vector failed',
    1: 'a vector failed',
    2: 'the arguments are wrong, or a file cannot be read, written, or is not one of vectors',
  },
  examples: [
    { line: 'vectors', meaning: 'does this package do what the documents say?' },
    { line: "vectors --driver 'python3 examples/host-in-python/driver.py'", meaning: 'does my host in Python?' },
    { line: "vectors --driver ./driver --layer fuel --id 'fuel/loop'", meaning: 'only some of them' },
    { line: 'vectors --driver ./driver --reporter junit -o junit.xml', meaning: 'for CI' },
  ],
  run: async (args, io) => {
    const { driver: command, layer, id, dir, timeout, reporter, output, json } = args;
    const write = reporters[reporterOf(reporter, json)];
    if (command?.trim() === '') throw invalidValue('--driver', command, 'a command');
    const answerMs = positiveNumber('--timeout', timeout, TIMER_MAX_MS);
    const selected = (await load(io, dir, layer)).filter((vector) => vector.id.includes(id ?? ''));
    if (selected.length === 0) throw invalidValue('--id', id ?? '', 'a part of the id of a vector');
    const report = await runOn(command, selected, io, answerMs);
    const host = command ?? 'this package';
    await writeReport(io, dir === undefined ? [] : [dir], output, (paint) => write(report, host, paint));
    return report.failed > 0 ? EXIT.failed : EXIT.ok;
  },
});

async function load(io: Io, dir: string | undefined, layers: readonly string[]): Promise<readonly Vector[]> {
  const read: ReadVectorFile = (path) =>
    dir === undefined ? io.readContract(`vectors/${path}`) : readInput(io, `${dir.replace(/\/+$/, '')}/${path}`);
  try {
    return await loadVectors(read, layers.length === 0 ? LAYERS : LAYERS.filter((name) => layers.includes(name)));
  } catch (error) {
    if (!(error instanceof VectorFileError)) throw error;
    throw new CommandLineError({ kind: 'NotVectors', reason: error.message }, { cause: error });
  }
}

async function runOn(
  command: string | undefined,
  selected: readonly Vector[],
  io: Io,
  answerMs: number | undefined,
): Promise<VectorsReport> {
  const driver = command === undefined ? undefined : new Driver(() => io.startProgram(command), { answerMs });
  const results: VectorResult[] = [];
  const progress = new ProgressLine(io.stderr);
  for await (const result of runVectors(selected, driver?.host ?? ownHost)) {
    results.push(result);
    progress.show(`${results.length}/${selected.length} ${result.vector.id}`);
  }
  progress.erase();
  return reportVectors(results, await driver?.end());
}
