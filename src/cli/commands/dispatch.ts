import { reportAdmission } from '../../inspection/admission-report.ts';
import { BuildPluginError, buildPlugin, compilePlugin, type Plugin } from '../../plugin/index.ts';
import type { AdmitOptions } from '../../protocol/admit.ts';
import { dispatchWireCall } from '../../protocol/dispatch.ts';
import { HostState, hostFunctions } from '../../protocol/host-functions.ts';
import { STORAGE_QUOTA_BYTES } from '../../protocol/host-state.ts';
import { type AugmentedMetadata, allWireFunctions } from '../../protocol/messages/index.ts';
import type { Telemetry } from '../../telemetry.ts';
import { jsonDocument } from '../output/json-document.ts';
import { createRecorder } from '../output/recorder.ts';
import { painter } from '../output/terminal.ts';
import { defineCommand, EXIT, type Io } from '../program/command.ts';
import { CommandLineError } from '../program/command-line-error.ts';
import { inputName, readInput, STDIN } from '../program/input-file.ts';
import { admissionLines } from '../reports/admission-text.ts';
import {
  type DispatchRun,
  fallbackLines,
  notBuiltLines,
  type Outcome,
  reportOutcome,
} from '../reports/dispatch-text.ts';
import { capabilityOption, fileOperand, limitOption, limitsOf } from './options.ts';
import { type AnyWireFunction, DRY_RUN, findWireFunction, readRequest, wireVersions } from './wire-function.ts';

/** `dispatch FILE FUNCTION`: admission, then one call. */
export const dispatch = defineCommand({
  name: 'dispatch',
  summary: 'Admits a plugin and calls one of its wire functions',
  description: [
    'Admits the plugin, builds it, makes one call, and prints the response as JSON. If the call',
    'fails, it prints the fallback of a host, and why. The plugin has the budgets of a host that',
    'dispatches: 5,000 ms, 1,000,000,000 fuel, 32 pages of memory at first and 32 of growth. It',
    'has the six host functions, with storage in memory.',
    '',
    'The request is JSON as on the wire. The negotiated version replaces a `_v` in it. dry-run is',
    'the sample request that self-checks use. Logs and counters of the plugin go to standard error.',
  ],
  operands: {
    FILE: fileOperand,
    FUNCTION: { summary: 'the wire function', choices: allWireFunctions },
  },
  options: {
    request: {
      value: 'FILE',
      default: DRY_RUN,
      summary: `the request: a file, - for standard input, or ${DRY_RUN}`,
    },
    cap: capabilityOption,
    limit: limitOption,
    version: {
      value: 'VERSION',
      choices: wireVersions,
      summary: 'the wire version of the request; by default the newest that declares FUNCTION',
    },
  },
  exits: {
    0: 'the plugin answered',
    1: 'the plugin is rejected, or the call failed, so that a host would use the fallback',
    2: 'the arguments are wrong, a file cannot be read, or the request is not a request of FUNCTION',
  },
  examples: [
    { line: 'dispatch router.wasm filter', meaning: 'what is the response to the sample request?' },
    {
      line: 'dispatch dialect.wasm shape --request request.json | jq .url',
      meaning: 'what is the response to a request of my own?',
    },
  ],
  run: async ({ FILE, FUNCTION, request: source, cap, limit, version, json }, io) => {
    const wireFunction = findWireFunction(FUNCTION, version);
    if (FILE === STDIN && source === STDIN) throw new CommandLineError({ kind: 'StdinTwice', option: '--request' });
    const wasm = await readInput(io, FILE);
    const request = await readRequest(io, wireFunction, source);
    const { telemetry, logs, counters } = createRecorder(json ? undefined : io.stderr);
    const limits = limitsOf(limit);
    const admission = reportAdmission(inputName(FILE), wasm, {
      hostCapabilities: cap,
      limits,
      telemetry: { ...telemetry, counter: () => undefined },
    });
    const { metadata } = admission;
    const outcome = metadata && call(wireFunction, { wasm, limits, metadata, request, telemetry });
    const run: DispatchRun = { function: wireFunction.name, admission, outcome };
    if (json) io.stdout.write(jsonDocument({ ...run, outcome: outcome && reportOutcome(outcome), logs, counters }));
    else printText(run, io);
    return outcome?.kind === 'ok' ? EXIT.ok : EXIT.failed;
  },
});

interface Call {
  readonly wasm: Uint8Array;
  readonly limits: AdmitOptions['limits'];
  readonly metadata: AugmentedMetadata;
  readonly request: unknown;
  readonly telemetry: Telemetry;
}

/** Builds the plugin as a cc-lb host does to dispatch to it, and makes one call. */
function call(wireFunction: AnyWireFunction, { wasm, limits, metadata, request, telemetry }: Call): Outcome {
  const name = metadata.identity.plugin_name;
  const storageQuotaBytes = STORAGE_QUOTA_BYTES;
  const functions = hostFunctions({ pluginName: name, storageQuotaBytes, state: new HostState(), telemetry });
  let plugin: Plugin | undefined;
  try {
    plugin = buildPlugin(compilePlugin(wasm, { limits }), { name, telemetry, functions });
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

function printText(run: DispatchRun, { stdout, stderr }: Io): void {
  const { admission, outcome } = run;
  const paint = painter(stdout.color);
  if (outcome === undefined) {
    stdout.write(`${admissionLines(admission, paint).join('\n')}\n`);
  } else if (outcome.kind === 'fallback') {
    stdout.write(`${fallbackLines(run, outcome, paint).join('\n')}\n`);
  } else if (outcome.kind === 'not_built') {
    stdout.write(`${notBuiltLines(admission, outcome.error, paint).join('\n')}\n`);
  } else {
    const summary = `${run.function} answered in ${outcome.durationMs.toFixed(1)} ms`;
    stderr.write(`${painter(stderr.color)('dim', summary)}\n`);
    stdout.write(jsonDocument(outcome.response));
  }
}
