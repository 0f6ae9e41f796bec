import { filterForms } from '../../conformance/hooks/requests/filter.ts';
import { FULL, type RequestForm } from '../../conformance/hooks/requests/form.ts';
import { transformResponseForms, transformSseEventForms } from '../../conformance/hooks/requests/response.ts';
import { shapeForms } from '../../conformance/hooks/requests/shape.ts';
import {
  decodeArchiveJson,
  encodeArchiveJson,
  type Hook,
  type HookName,
  type HookOutcome,
  type HookPlugin,
  hooks,
} from '../../hooks/index.ts';
import { callRemoteHook } from '../../hooks/plugin.ts';
import { reportFailure } from '../../inspection/failure-report.ts';
import { admitHookFile, type HookFileAdmission } from '../../inspection/hook-admission-report.ts';
import { printable } from '../../printable.ts';
import { faultOf } from '../call/failure-details.ts';
import type { CallCost, CallOutcome, CallReport, RawMessage, SeriesSlice } from '../call/report.ts';
import { type CallSettings, hookOptionsOf } from '../call/settings.ts';
import type { CallTarget } from '../request/callables.ts';
import { FULL_SAMPLE } from './full-sample.ts';
import { hexText } from './live-host.ts';
import { Recording } from './recording.ts';
import { callsUntil, prettyText, type Session } from './session.ts';

/** How many bytes of an archive are shown. */
const ARCHIVE_BYTES = 512;

/** The session of a plugin of generation 2. Each call has a fresh state, so nothing is reset. */
export class HookSession implements Session {
  readonly #admission: HookFileAdmission;
  readonly #plugin: HookPlugin | undefined;
  #calls = 0;

  /**
   * Admits a plugin.
   *
   * @param prepared the module that the bytes became, if they are prepared.
   */
  constructor(file: string, bytes: Uint8Array, prepared: WebAssembly.Module | undefined, settings: CallSettings) {
    const { report, plugin } = admitHookFile(file, bytes, hookOptionsOf(settings), prepared);
    this.#admission = report;
    this.#plugin = plugin;
  }

  get implemented(): readonly string[] {
    return Object.keys(this.#admission.inspection?.metadata.hooks ?? {});
  }

  async call(target: CallTarget, text: string): Promise<CallReport> {
    const hook = findHook(target);
    const request = decodeArchiveJson(hook.request, text);
    const plugin = this.#plugin;
    if (plugin === undefined) return this.#report(hook, this.#refused());
    const messages: { sent?: RawMessage; answered?: RawMessage } = {};
    const call = (archive: Uint8Array<ArrayBuffer>): Promise<HookOutcome<Uint8Array<ArrayBuffer>>> => {
      messages.sent = rawArchive(archive);
      const answer = plugin.callArchive(hook, archive);
      if (answer.kind === 'ok') messages.answered = rawArchive(answer.response);
      return Promise.resolve(answer);
    };
    const startedAt = performance.now();
    const outcome = await callRemoteHook(hook, request, call);
    const cost = costOf(plugin, startedAt);
    return this.#report(hook, outcomeOf(hook, outcome), { ...messages, ...(messages.sent !== undefined && { cost }) });
  }

  repeat(target: CallTarget, text: string, count: number, sliceMs: number): SeriesSlice {
    const hook = findHook(target);
    const request = decodeArchiveJson(hook.request, text);
    const plugin = this.#plugin;
    if (plugin === undefined) return { costs: [], failed: this.#report(hook, this.#refused()) };
    return callsUntil(count, sliceMs, () => {
      const startedAt = performance.now();
      const outcome = plugin.call(hook, request);
      const cost = costOf(plugin, startedAt);
      if (outcome.kind === 'error') return { cost, failed: this.#report(hook, outcomeOf(hook, outcome), { cost }) };
      this.#calls++;
      return { cost };
    });
  }

  reset(): void {
    this.#calls = 0;
  }

  clearStorage(): void {
    // A hook plugin has no host functions, so nothing is stored.
  }

  samples(target: CallTarget): ReadonlyMap<string, () => string> {
    const { name, request, sample } = findHook(target);
    const forms: readonly RequestForm<unknown>[] = FORMS[name]();
    const cases = forms.flatMap(({ id, cases }) =>
      Object.entries(cases)
        .filter(([, value]) => holdsFinite(value))
        .map(([what, value]): [string, () => string] => [
          id === FULL ? FULL_SAMPLE : what,
          () => encodeArchiveJson(request, value),
        ]),
    );
    return new Map([['probe of admission', () => encodeArchiveJson(request, sample())], ...cases]);
  }

  #refused(): CallOutcome {
    const failed = this.#admission.steps.find(({ error }) => error !== undefined);
    const error = failed?.error ?? { kind: 'Unknown', message: 'the plugin was not admitted', failure: undefined };
    const stage = [failed?.step ?? 'admission', ...(failed?.hook === undefined ? [] : [failed.hook])].join(' ');
    return { kind: 'refused', stage, fault: faultOf({ error: 'Admission', ...error }) };
  }

  #report({ name }: Hook, outcome: CallOutcome, made: Pick<CallReport, 'cost' | 'sent' | 'answered'> = {}): CallReport {
    const remark = this.#remark(name);
    const callsBefore = this.#calls;
    if (outcome.kind !== 'refused') this.#calls++;
    const recorded = new Recording().report();
    return { name, outcome, ...made, recorded, callsBefore, ...(remark !== undefined && { remark }) };
  }

  /** Says why a host would not make the call; `undefined` if it would. */
  #remark(name: HookName): string | undefined {
    const declared = this.#admission.inspection?.metadata.hooks;
    if (declared === undefined || declared[name]?.mode === 'active') return undefined;
    if (declared[name] !== undefined) return `A host does not call ${name}: the plugin declares it as noop.`;
    return `A host does not call ${name}: the plugin declares ${printable(Object.keys(declared).join(', '))}.`;
  }
}

const FORMS: Readonly<Record<HookName, () => readonly RequestForm<unknown>[]>> = {
  filter: filterForms,
  shape: shapeForms,
  transform_response: transformResponseForms,
  transform_sse_event: transformSseEventForms,
};

/** Whether JSON can hold a request: it has no NaN and nothing infinite. */
function holdsFinite(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return true;
  return Object.values(value).every(holdsFinite);
}

function findHook({ name }: CallTarget): Hook {
  const found = hooks.find((hook) => hook.name === name);
  if (found === undefined) throw new TypeError(`there is no hook ${name}`);
  return found;
}

function outcomeOf(hook: Hook, outcome: HookOutcome<unknown>): CallOutcome {
  if (outcome.kind === 'ok')
    return { kind: 'ok', response: prettyText(encodeArchiveJson(hook.response, outcome.response)) };
  const { error } = outcome;
  return { kind: 'error', phase: error.phase, upstream: error.upstream, fault: faultOf(reportFailure(error)) };
}

function costOf({ fuelConsumed: fuel, memoryPages }: HookPlugin, startedAt: number): CallCost {
  return { durationMs: performance.now() - startedAt, fuel, memoryPages };
}

function rawArchive(archive: Uint8Array): RawMessage {
  return { bytes: archive.length, content: hexText(archive, ARCHIVE_BYTES), unit: 'bytes' };
}
