import { type FileAdmission, reportAdmission } from '../../inspection/admission-report.ts';
import type { Budget } from '../../metering/index.ts';
import type { ModuleSource } from '../../module-source.ts';
import { BuildPluginError, buildPlugin, compilePlugin, type Plugin } from '../../plugin/index.ts';
import type { AdmitOptions } from '../../protocol/admit.ts';
import { dispatchWireCall } from '../../protocol/dispatch.ts';
import { HostState, hostFunctions } from '../../protocol/host-functions.ts';
import { STORAGE_QUOTA_BYTES } from '../../protocol/host-state.ts';
import type { AugmentedMetadata } from '../../protocol/messages/index.ts';
import type { AnyWireFunction, WireVersion } from '../../protocol/messages/wire-versions.ts';
import type { LogEvent, Telemetry } from '../../telemetry.ts';
import { DOCUMENT_VERSION, jsonDocument } from '../output/json-document.ts';
import { type CounterEvent, createRecorder } from '../output/recorder.ts';
import { painter } from '../output/terminal.ts';
import type { PluginFile } from '../prepared/plugin-file.ts';
import { EXIT, type ExitCode, type Io } from '../program/command.ts';
import { inputName } from '../program/input-file.ts';
import type { CallStatistics } from '../reports/call-statistics.ts';
import {
  type DispatchRun,
  type Outcome,
  type OutcomeReport,
  reportOutcome,
  unansweredLines,
} from '../reports/dispatch-text.ts';
import { budgetOf, type CallArguments, repeatsOf } from './call-options.ts';
import { configOf, limitsOf } from './options.ts';
import { printCost, printStatistics, repeatCall } from './repeated-call.ts';
import { readRequest } from './request-file.ts';
import { findWireFunction, requestReader } from './wire-function.ts';

/** What to call, and how. */
export interface FunctionCall extends CallArguments {
  readonly FILE: string;
  readonly FUNCTION: string;
  /** The file of the request. */
  readonly source: string;
  readonly 'host-capability': readonly string[];
  /** Whether admission provides the host functions too. */
  readonly 'host-functions': boolean;
  readonly config: readonly string[];
  readonly limit: readonly string[];
  readonly 'wire-version': WireVersion | undefined;
  readonly json: boolean;
}

/** The JSON document on a call of a wire function. */
export interface DispatchDocument {
  readonly version: typeof DOCUMENT_VERSION;
  readonly generation: 1;
  /** True if FILE is prepared: its metering is believed, not checked. */
  readonly prepared?: true;
  /** The name of the wire function. */
  readonly function: string;
  readonly admission: FileAdmission;
  /** Missing if the plugin was rejected. */
  readonly outcome?: OutcomeReport;
  /** With `--repeat`, if the plugin could be built. */
  readonly calls?: CallStatistics;
  readonly logs: readonly LogEvent[];
  readonly counters: readonly CounterEvent[];
}

/**
 * Admits a plugin of generation 1, calls one of its wire functions, and prints the outcome.
 *
 * @throws CommandLineError if the function does not exist, or the request cannot be read.
 */
export async function dispatchFunction(file: PluginFile, args: FunctionCall, io: Io): Promise<ExitCode> {
  const { FILE, FUNCTION, source, limit, json } = args;
  const wireFunction = findWireFunction(FUNCTION, args['wire-version']);
  const request = await readRequest(io, source, requestReader(wireFunction));
  const { telemetry, logs, counters } = createRecorder(json ? undefined : io.stderr);
  const limits = limitsOf(limit);
  const config = configOf(args.config);
  const budget = budgetOf(args);
  const repeats = repeatsOf(args);
  const prepared = file.prepared();
  const host = {
    hostCapabilities: args['host-capability'],
    hostFunctions: args['host-functions'],
    config,
    limits,
    telemetry: { ...telemetry, counter: () => undefined },
  };
  const admission = reportAdmission(inputName(FILE), file.bytes, host, prepared);
  const { metadata } = admission;
  const wasm = prepared ?? file.bytes;
  const made = metadata && call(wireFunction, { wasm, config, limits, budget, repeats, metadata, request, telemetry });
  const outcome = made?.last;
  const calls = repeats === undefined ? undefined : made?.statistics;
  const run: DispatchRun = { function: wireFunction.name, admission, outcome };
  if (json) {
    const document: DispatchDocument = {
      version: DOCUMENT_VERSION,
      generation: 1,
      ...file.mark,
      function: run.function,
      admission,
      ...(outcome && { outcome: reportOutcome(outcome) }),
      ...(calls && { calls }),
      logs,
      counters,
    };
    io.stdout.write(jsonDocument(document));
  } else {
    printText(run, io);
    printStatistics(calls, io.stderr);
  }
  return outcome?.kind === 'ok' ? EXIT.ok : EXIT.failed;
}

interface Call {
  readonly wasm: ModuleSource;
  readonly config: AdmitOptions['config'];
  readonly limits: AdmitOptions['limits'];
  readonly budget: Budget;
  readonly repeats: number | undefined;
  readonly metadata: AugmentedMetadata;
  readonly request: unknown;
  readonly telemetry: Telemetry;
}

/** Builds the plugin as a cc-lb host does to dispatch to it, and calls it. */
function call(
  wireFunction: AnyWireFunction,
  { wasm, config, limits, budget, repeats = 1, metadata, request, telemetry }: Call,
): { readonly last: Outcome; readonly statistics?: CallStatistics } {
  const name = metadata.identity.plugin_name;
  const storageQuotaBytes = STORAGE_QUOTA_BYTES;
  const functions = hostFunctions({ pluginName: name, storageQuotaBytes, state: new HostState(), telemetry });
  let plugin: Plugin | undefined;
  try {
    const built = buildPlugin(compilePlugin(wasm, { limits }), { name, telemetry, config, functions, ...budget });
    plugin = built;
    const once = () => {
      const startedAt = performance.now();
      const outcome = dispatchWireCall(wireFunction, built, metadata, request, { telemetry });
      return { ...outcome, durationMs: performance.now() - startedAt, fuel: built.fuelConsumed };
    };
    return repeatCall(repeats, once, ({ kind }) => kind === 'fallback');
  } catch (error) {
    if (error instanceof BuildPluginError) return { last: { kind: 'notBuilt', error } };
    throw error;
  } finally {
    plugin?.dispose();
  }
}

function printText(run: DispatchRun, { stdout, stderr }: Io): void {
  const { outcome } = run;
  if (outcome?.kind === 'ok') {
    printCost(run.function, outcome, stderr);
    stdout.write(jsonDocument(outcome.response));
  } else {
    stdout.write(`${unansweredLines(run, outcome, painter(stdout.color)).join('\n')}\n`);
  }
}
