import { BuildPluginError, type CompiledPlugin, compilePlugin, type Plugin } from '../../plugin/index.ts';
import { dispatchWireCall } from '../../protocol/dispatch.ts';
import type { AugmentedMetadata } from '../../protocol/messages/index.ts';
import { jsonDocument } from '../output/json-document.ts';
import { painter } from '../output/paint.ts';
import { createRecorder, type Recorder } from '../output/recorder.ts';
import { type Command, EXIT, type ExitCode, type Io } from '../program/command.ts';
import { CommandLineError } from '../program/command-line-error.ts';
import { readInput, STDIN } from '../program/input-file.ts';
import { limitOption, limitsOf } from '../program/limit-option.ts';
import { admissionLines } from '../reports/admission-text.ts';
import { fallbackLines, notBuiltLines, type Outcome, reportOutcome } from '../reports/dispatch-text.ts';
import { admitFile, type FileAdmission } from './admission.ts';
import { capabilityOption } from './admit.ts';
import { buildDispatchingPlugin } from './host.ts';
import { DRY_RUN, readRequest } from './request.ts';
import { type AnyWireFunction, findWireFunction } from './wire-functions.ts';

/** `dispatch FILE FUNCTION`: admission, then one call. */
export const dispatch: Command = {
  name: 'dispatch',
  summary: 'Admits a plugin and calls one of its wire functions',
  description: [
    'Admits the plugin, builds it as a host does to dispatch to it (5,000 ms, 1,000,000,000 fuel,',
    '32 pages of memory at first and 32 of growth, the six host functions, storage in memory),',
    'makes one call, and prints the response as JSON. When the call fails it prints what a host',
    'falls back to, and why.',
    '',
    'The request is the JSON of the wire; a `_v` in it is replaced by the version that was',
    'negotiated. dry-run stands for the sample request that self-checks use. What the plugin logs',
    'and counts goes to standard error.',
  ],
  operands: [
    { name: 'FILE', summary: "the plugin's module; - reads it from standard input" },
    {
      name: 'FUNCTION',
      summary: 'shape, normalize_error, build_signer, sign, on_unauthorized, observe or filter',
    },
  ],
  options: [
    { name: 'request', value: 'FILE', summary: `the request: a file, - for standard input, or ${DRY_RUN} (default)` },
    capabilityOption,
    limitOption,
    {
      name: 'version',
      value: 'VERSION',
      summary: 'the wire version of the request: v1, v2 or v3; the newest by default',
    },
  ],
  exits: {
    0: 'the plugin answered',
    1: 'the plugin is rejected, or the call failed and a host would fall back',
    2: 'the arguments are wrong, a file cannot be read, or the request is no request of FUNCTION',
  },
  examples: [
    { line: 'dispatch router.wasm filter', meaning: 'how does it answer the sample request?' },
    { line: 'dispatch dialect.wasm shape --request request.json | jq .url', meaning: 'and a request of my own?' },
  ],
  run: async (args, io) => {
    const wireFunction = findWireFunction(args.operand('FUNCTION'), args.value('version'));
    const file = args.operand('FILE');
    const source = args.value('request') ?? DRY_RUN;
    if (file === STDIN && source === STDIN) throw new CommandLineError({ kind: 'StdinTwice' });
    const wasm = await readInput(io, file);
    const request = await readRequest(io, wireFunction, source);
    const recorder = createRecorder(args.flag('json') ? undefined : io.stderr);
    const limits = limitsOf(args.values('limit'));
    const telemetry = { ...recorder.telemetry, counter: () => undefined };
    const admission = admitFile(file, wasm, { hostCapabilities: args.values('cap'), limits, telemetry });
    const { metadata } = admission;
    const outcome =
      metadata === undefined
        ? undefined
        : call(wireFunction, () => compilePlugin(wasm, { limits }), metadata, request, recorder);
    const print = args.flag('json') ? printJson : printText;
    print({ wireFunction, admission, outcome, recorder }, io);
    return exitCode(outcome);
  },
};

/** All that a run of the command came to. `outcome` is missing when the plugin was rejected. */
interface Result {
  readonly wireFunction: AnyWireFunction;
  readonly admission: FileAdmission;
  readonly outcome: Outcome | undefined;
  readonly recorder: Recorder;
}

function call(
  wireFunction: AnyWireFunction,
  compile: () => CompiledPlugin,
  metadata: AugmentedMetadata,
  request: unknown,
  { telemetry }: Recorder,
): Outcome {
  let plugin: Plugin | undefined;
  try {
    plugin = buildDispatchingPlugin(compile(), metadata.identity.plugin_name, telemetry);
    const startedAt = performance.now();
    const outcome = dispatchWireCall(wireFunction, plugin, metadata, request, { telemetry });
    return { ...outcome, durationMs: performance.now() - startedAt };
  } catch (error) {
    if (error instanceof BuildPluginError) return { kind: 'not_built', error };
    throw error;
  } finally {
    plugin?.dispose();
  }
}

function printJson({ wireFunction, admission, outcome, recorder: { logs, counters } }: Result, { stdout }: Io): void {
  const told = outcome === undefined ? {} : { outcome: reportOutcome(outcome) };
  stdout.write(jsonDocument({ function: wireFunction.name, admission, ...told, logs, counters }));
}

function printText({ wireFunction, admission, outcome }: Result, { stdout, stderr }: Io): void {
  const paint = painter(stdout.color);
  if (outcome === undefined) {
    stdout.write(`${admissionLines(admission, paint).join('\n')}\n`);
  } else if (outcome.kind === 'fallback') {
    stdout.write(`${fallbackLines(wireFunction, admission, outcome, paint).join('\n')}\n`);
  } else if (outcome.kind === 'not_built') {
    stdout.write(`${notBuiltLines(admission, outcome.error, paint).join('\n')}\n`);
  } else {
    const told = `${wireFunction.name} answered in ${outcome.durationMs.toFixed(1)} ms`;
    stderr.write(`${painter(stderr.color)('dim', told)}\n`);
    stdout.write(jsonDocument(outcome.response));
  }
}

function exitCode(outcome: Outcome | undefined): ExitCode {
  return outcome?.kind === 'ok' ? EXIT.ok : EXIT.failed;
}
