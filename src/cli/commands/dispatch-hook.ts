import { decodeArchiveJson, type Hook, type HookName, type HookPlugin, hookNames, hooks } from '../../hooks/index.ts';
import { admitHookFile, type HookFileAdmission } from '../../inspection/hook-admission-report.ts';
import { nearest } from '../../nearest.ts';
import { DOCUMENT_VERSION, jsonDocument } from '../output/json-document.ts';
import { type Paint, painter } from '../output/terminal.ts';
import type { PluginFile } from '../prepared/plugin-file.ts';
import { EXIT, type ExitCode, type Io } from '../program/command.ts';
import { invalidValue } from '../program/command-line-error.ts';
import { inputName } from '../program/input-file.ts';
import type { CallStatistics } from '../reports/call-statistics.ts';
import { hookAdmissionLines } from '../reports/hook-admission-text.ts';
import { answerLines } from '../reports/hook-answer-text.ts';
import {
  failedCallLines,
  type HookOutcomeReport,
  type HookRun,
  remarkOn,
  reportHookRun,
} from '../reports/hook-call-text.ts';
import { budgetOf, type CallArguments, repeatsOf } from './call-options.ts';
import { limitsOf } from './options.ts';
import { printCost, printStatistics, repeatCall } from './repeated-call.ts';
import { readRequest } from './request-file.ts';

/** What to call, and how. */
export interface HookCall extends CallArguments {
  readonly FILE: string;
  readonly FUNCTION: string;
  /** The file of the request. */
  readonly source: string;
  readonly slot: HookName | undefined;
  readonly limit: readonly string[];
  readonly json: boolean;
}

/** The JSON document on a call of a hook. */
export interface HookDispatchDocument {
  readonly version: typeof DOCUMENT_VERSION;
  readonly generation: 2;
  /** True if FILE is prepared: its metering is believed, not checked. */
  readonly prepared?: true;
  readonly hook: HookName;
  readonly admission: HookFileAdmission;
  /** Missing if the plugin was rejected. */
  readonly outcome?: HookOutcomeReport;
  /** With `--repeat`, if the plugin was admitted. */
  readonly calls?: CallStatistics;
}

/**
 * Admits a hook plugin, calls one of its hooks, and prints the outcome.
 *
 * @throws CommandLineError if the hook does not exist, or the request cannot be read.
 */
export async function dispatchHook(file: PluginFile, args: HookCall, io: Io): Promise<ExitCode> {
  const { FILE, FUNCTION, source, slot, limit, json } = args;
  const hook = findHook(FUNCTION);
  const { name, sample, request: type } = hook;
  const repeats = repeatsOf(args);
  const request = await readRequest(io, source, { name, sample, decode: (text) => decodeArchiveJson(type, text) });
  const given = { slot, limits: limitsOf(limit), call: budgetOf(args) };
  const { report: admission, plugin } = admitHookFile(inputName(FILE), file.bytes, given, file.prepared());
  const repeated = plugin && repeatCall(repeats ?? 1, () => call(admission.file, plugin, hook, request), hasFailed);
  const run = repeated?.last;
  const calls = repeats === undefined ? undefined : repeated?.statistics;
  const document: HookDispatchDocument = {
    version: DOCUMENT_VERSION,
    generation: 2,
    ...file.mark,
    hook: name,
    admission,
    ...(run && { outcome: reportHookRun(run) }),
    ...(calls && { calls }),
  };
  if (json) io.stdout.write(jsonDocument(document));
  else printText(admission, run, io);
  if (!json) printStatistics(calls, io.stderr);
  return run?.outcome.kind === 'ok' ? EXIT.ok : EXIT.failed;
}

const hasFailed = ({ outcome }: HookRun): boolean => outcome.kind === 'error';

function call(file: string, plugin: HookPlugin, hook: Hook, request: unknown): HookRun {
  const startedAt = performance.now();
  const outcome = plugin.call(hook, request);
  const durationMs = performance.now() - startedAt;
  // The host's own code failed.
  if (outcome.kind === 'error' && outcome.error.failure.kind === 'Panic') throw outcome.error;
  return { file, hook, declared: plugin.metadata.hooks, outcome, durationMs, fuel: plugin.fuelConsumed };
}

function findHook(given: string): Hook {
  const hook = hooks.find(({ name }) => name === given);
  if (hook !== undefined) return hook;
  const expected = `one of ${hookNames.join(', ')}, the hooks of generation 2`;
  throw invalidValue('FUNCTION', given, expected, nearest(given, hookNames));
}

function printText(admission: HookFileAdmission, run: HookRun | undefined, { stdout, stderr }: Io): void {
  const remark = run && remarkOn(run);
  if (remark !== undefined) stderr.write(`${painter(stderr.color)('yellow', 'note:')} ${remark}\n`);
  if (run?.outcome.kind === 'ok') printCost(run.hook.name, run, stderr);
  stdout.write(`${textLines(admission, run, painter(stdout.color)).join('\n')}\n`);
}

function textLines(admission: HookFileAdmission, run: HookRun | undefined, paint: Paint): string[] {
  if (run === undefined) return hookAdmissionLines(admission, paint);
  const { hook, outcome } = run;
  if (outcome.kind === 'error') return failedCallLines(run, outcome.error, paint);
  return answerLines(hook.response, outcome.response, paint);
}
