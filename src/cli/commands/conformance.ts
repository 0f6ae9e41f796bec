import {
  type ConformanceKind,
  conformanceKinds,
  htmlReport,
  junitReport,
  kindNamed,
  kindNames,
  tapReport,
  type VerifyOptions,
  type VerifyReport,
  verifyPlugin,
} from '../../conformance/index.ts';
import { HandshakeExecutionError } from '../../protocol/handshake.ts';
import { JsonDecodeError, OpaqueJson } from '../../protocol/messages/index.ts';
import { jsonDocument } from '../output/json-document.ts';
import { type Paint, painter } from '../output/paint.ts';
import { type Command, type CommandArguments, EXIT, type Io, type Output } from '../program/command.ts';
import { CommandLineError } from '../program/command-line-error.ts';
import { inputName, readInput, STDIN, writeOutput } from '../program/input-file.ts';
import { limitOption, limitsOf } from '../program/limit-option.ts';
import { conformanceLines } from '../reports/conformance-text.ts';
import { capabilityOption } from './admit.ts';

/** What writes a report. */
type Reporter = (report: VerifyReport, file: string, paint: Paint) => string;

/** The reporters by the names that `--reporter` takes; a new one is a row here. */
const reporters = {
  pretty: (report, file, paint) => `${conformanceLines(report, file, paint).join('\n')}\n`,
  json: (report, file) => jsonDocument({ file, ...report }),
  junit: junitReport,
  tap: tapReport,
  html: htmlReport,
} as const satisfies Record<string, Reporter>;

/** `conformance FILE`: the suite for plugin authors. */
export const conformance: Command = {
  name: 'conformance',
  summary: 'Verifies a plugin against the protocol, and says what to change',
  description: [
    'Takes the plugin through the layers, then calls its wire functions in every way that a host',
    'does and in some that none should: samples, requests with every option, requests that are',
    'none, many times over, and with too little fuel. Each check has an id, a rule of',
    'abi/PROTOCOL.md, a result (pass, warn, fail, skipped) and a hint where it does not pass.',
    '',
    'The kind auto is found by the functions that the plugin has. The protocol calls a shape',
    'dialect, a signer signer_factory; both names will do. A signer that needs a',
    'factory_state, such as a key, is given one with --factory-state.',
  ],
  operands: [{ name: 'FILE', summary: "the plugin's module; - reads it from standard input" }],
  options: [
    {
      name: 'kind',
      value: 'KIND',
      summary: `verify it as ${conformanceKinds.join(', ')} or auto (default)`,
    },
    {
      name: 'reporter',
      value: 'NAME',
      summary: `the form of the report: ${Object.keys(reporters).join(', ')}; pretty by default`,
    },
    { name: 'output', short: 'o', value: 'OUT', summary: 'write the report to this file; never to FILE' },
    capabilityOption,
    limitOption,
    { name: 'factory-state', value: 'FILE', summary: 'a JSON file with what build_signer is given' },
  ],
  exits: {
    0: 'no check failed',
    1: 'a check failed',
    2: 'the arguments are wrong, a file cannot be read, or OUT not written',
  },
  examples: [
    { line: 'conformance plugin.wasm', meaning: 'does my plugin follow the protocol?' },
    { line: 'conformance plugin.wasm --reporter html -o report.html', meaning: 'a page to look at, or to pass on' },
    { line: 'conformance plugin.wasm --kind router --reporter junit -o junit.xml', meaning: 'for CI' },
  ],
  run: async (args, io) => {
    const kind = kindOf(args.value('kind'));
    const reporter = reporterOf(args);
    const file = args.operand('FILE');
    const factoryState = await readFactoryState(io, file, args.value('factory-state'));
    const wasm = await readInput(io, file);
    const hostCapabilities = args.values('cap');
    const limits = limitsOf(args.values('limit'));
    const report = verify(wasm, kind, { hostCapabilities, limits, factoryState, ...progressOn(io.stderr) });
    const output = args.value('output');
    const write = (paint: Paint): string => reporter(report, inputName(file), paint);
    if (output === undefined) io.stdout.write(write(painter(io.stdout.color)));
    else await writeOutput(io, file, output, new TextEncoder().encode(write(painter(false))));
    return report.verdict === 'fail' ? EXIT.failed : EXIT.ok;
  },
};

function kindOf(given = 'auto'): ConformanceKind | 'auto' {
  const kind = kindNamed(given);
  if (kind !== undefined) return kind;
  throw new CommandLineError({
    kind: 'InvalidValue',
    option: '--kind',
    given,
    expected: oneOf([...kindNames, 'auto']),
  });
}

function reporterOf(args: CommandArguments): Reporter {
  const given = args.value('reporter') ?? (args.flag('json') ? 'json' : 'pretty');
  const refuse = (expected: string): never => {
    throw new CommandLineError({ kind: 'InvalidValue', option: '--reporter', given, expected });
  };
  if (args.flag('json') && given !== 'json') return refuse('json, or missing, beside --json');
  // Own properties only: a reporter called constructor is none. The name is one of the keys.
  if (Object.hasOwn(reporters, given)) return reporters[given as keyof typeof reporters];
  return refuse(oneOf(Object.keys(reporters)));
}

function oneOf(names: readonly string[]): string {
  return `one of ${names.join(', ')}`;
}

async function readFactoryState(io: Io, file: string, source: string | undefined): Promise<OpaqueJson | undefined> {
  if (source === undefined) return undefined;
  const option = '--factory-state';
  if (source === STDIN && file === STDIN) {
    const expected = 'a file: standard input is FILE already';
    throw new CommandLineError({ kind: 'InvalidValue', option, given: source, expected });
  }
  const text = new TextDecoder().decode(await readInput(io, source));
  try {
    return OpaqueJson.parse(text);
  } catch (error) {
    if (!(error instanceof JsonDecodeError)) throw error;
    // Without the decoder's words: the file may hold a secret.
    throw new CommandLineError({ kind: 'InvalidValue', option, given: source, expected: 'a file that holds JSON' });
  }
}

function verify(wasm: Uint8Array, kind: ConformanceKind | 'auto', options: VerifyOptions): VerifyReport {
  try {
    return verifyPlugin(wasm, kind, options);
  } catch (error) {
    if (!(error instanceof HandshakeExecutionError)) throw error;
    const given = `${[...(options.hostCapabilities ?? [])].length} capabilities`;
    throw new CommandLineError({ kind: 'InvalidValue', option: '--cap', given, expected: error.message });
  }
}

/** A line that tells how far it has come, and goes away: on a terminal only. */
function progressOn(output: Output): Pick<VerifyOptions, 'onProgress'> {
  if (output.isTerminal !== true) return {};
  const eraseLine = '\r\u001b[K';
  return {
    onProgress: ({ done, total, check }) => {
      output.write(done < total ? `${eraseLine}${done}/${total} ${check.id}` : eraseLine);
    },
  };
}
