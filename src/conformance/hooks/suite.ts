import { encodeArchive, planArchive } from '../../hooks/archive/encode.ts';
import type { HookCallError } from '../../hooks/call-error.ts';
import type { Hook, HookName } from '../../hooks/hook.ts';
import { encodeArchiveJson } from '../../hooks/json-form.ts';
import type { HookOutcome } from '../../hooks/plugin.ts';
import { type Check, type Finding, fail, first, measuredOf, pass, skip, warn } from '../check.ts';
import { callFailed } from './faults.ts';
import { type RequestForm, SAMPLE } from './requests/form.ts';
import type { HookPluginUnderTest, HookTestHost } from './test-host.ts';

/** A rule of a hook's answers, which each answer to a request of the suite must keep. */
export interface AnswerRule<Request, Response> {
  /** The part of the check's id after the dot. */
  readonly id: string;
  readonly rule: string;
  readonly anchor: string;
  readonly hint: string;
  /** What a broken rule means: `fail` by default. */
  readonly level?: 'warn';
  /** Returns what is wrong with an answer, or `undefined`. */
  readonly fault: (response: Response, request: Request) => string | undefined;
}

/** The largest answers that are compared with others, in bytes: all answers are kept for that. */
const COMPARED_MAX_BYTES = 4 * 1024 * 1024;

/** How a call ended, and what it needed. */
export interface HookReply {
  readonly error: HookCallError | undefined;
  /** The answer: equal answers have equal archives. Left out after an error, or if it is large. */
  readonly archive: Uint8Array | undefined;
  /** The size of the answer in bytes. */
  readonly size: number;
  readonly fuel: number;
  /** The pages of 64 KiB that the plugin had in the end. */
  readonly pages: number;
  /** The bytes that the call moved: its memory, the answer, and bulk operations. */
  readonly movedBytes: number;
  /** Milliseconds. No result of a check depends on it. */
  readonly durationMs: number;
}

/** A request that can be sent, without its type. */
export interface HookExercise {
  readonly hook: HookName;
  /** The id of its form. */
  readonly form: string;
  /** What the request has, in a few words. */
  readonly what: string;
  readonly requestBytes: () => number;
  /** The JSON form of the request. */
  readonly requestJson: () => string;
  /** Sends the request. */
  readonly call: (target: HookPluginUnderTest) => HookReply;
  /**
   * The reply of the plugin that all requests of the hook are sent to, in order. `undefined` if it
   * did not answer the sample, and so did not get this request.
   */
  readonly first: (host: HookTestHost) => HookReply | undefined;
}

/** The requests of one hook, and the checks of the answers to them. */
export interface HookSuite {
  readonly hook: HookName;
  readonly exercises: readonly HookExercise[];
  readonly checks: readonly Check<HookTestHost>[];
}

/** The hook of a request, and what the request has. */
export function titleOf({ hook, what }: HookExercise): string {
  return `${hook}, ${what}`;
}

/** The suites of the hooks that a host calls. */
export function suitesFor(host: HookTestHost, suites: readonly HookSuite[]): readonly HookSuite[] {
  return suites.filter(({ hook }) => host.hooks.includes(hook));
}

/** A request that was sent, and what came of it. */
interface Trial {
  readonly form: string;
  readonly what: string;
  readonly reply: HookReply;
  /** What is wrong with the answer, by the id of the rule. */
  readonly faults: ReadonlyMap<string, string>;
}

/** The group of a hook's checks: the part of their ids before the dot. */
export function groupOf(hook: HookName): string {
  return hook.replaceAll('_', '-');
}

/** The id of the check that all other checks of a hook need. */
export function sampleCheck(hook: HookName): string {
  return `${groupOf(hook)}.${SAMPLE}`;
}

/**
 * Makes the suite of a hook.
 *
 * @param forms the requests, the sample first. Each gets an id of its own.
 * @param rules what each answer must keep.
 * @param before the checks that the sample needs.
 */
export function suiteOf<Request extends { readonly request_id: string }, Response>(
  hook: Hook<Request, Response>,
  forms: readonly RequestForm<Request>[],
  rules: readonly AnswerRule<Request, Response>[],
  before: readonly string[],
): HookSuite {
  const requests = requestsOf(forms);

  /** Sends all requests to one plugin, until one runs out of time or the first is not answered. */
  const tryAll = (host: HookTestHost): readonly Trial[] =>
    host.once(requests, () => {
      const target = host.fresh();
      const trials: Trial[] = [];
      for (const { form, what, request } of requests) {
        const { outcome, reply } = sendTo(target, hook, request);
        trials.push({ form, what, reply, faults: findFaults(rules, request, outcome) });
        // Each further one could take as long.
        if (trials[0]?.reply.error !== undefined || ranOutOfTime(reply)) break;
      }
      return trials;
    });

  const exercises = requests.map(
    ({ form, what, request }, index): HookExercise => ({
      hook: hook.name,
      form,
      what,
      requestBytes: () => planArchive(hook.request, request).size,
      requestJson: () => encodeArchiveJson(hook.request, request),
      call: (target) => sendTo(target, hook, request).reply,
      first: (host) => tryAll(host)[index]?.reply,
    }),
  );
  const checks = [
    ...forms.map((form) => formCheck(hook.name, form, before, tryAll)),
    ...rules.map((rule) => ruleCheck(hook.name, rule, tryAll)),
  ];
  return { hook: hook.name, exercises, checks };
}

/** A request, its form, and what it has, in a few words. */
interface Labelled<Request> {
  readonly form: string;
  readonly what: string;
  readonly request: Request;
}

/** The requests of all forms in their order, each with an id of its own. */
export function requestsOf<Request extends { readonly request_id: string }>(
  forms: readonly RequestForm<Request>[],
): readonly Labelled<Request>[] {
  return forms
    .flatMap(({ id: form, cases }) => Object.entries(cases).map(([what, request]) => ({ form, what, request })))
    .map((each, index) => ({ ...each, request: { ...each.request, request_id: `conformance-req-${index + 1}` } }));
}

function sendTo<Request, Response>(
  { plugin, pages, movedBytes }: HookPluginUnderTest,
  hook: Hook<Request, Response>,
  request: Request,
): { readonly outcome: HookOutcome<Response>; readonly reply: HookReply } {
  const since = performance.now();
  const outcome = plugin.call(hook, request);
  const durationMs = performance.now() - since;
  const moved = movedBytes();
  const needed = { fuel: plugin.fuelConsumed, pages: pages(), durationMs };
  if (outcome.kind === 'error') {
    return { outcome, reply: { error: outcome.error, archive: undefined, size: 0, movedBytes: moved, ...needed } };
  }
  const { response } = outcome;
  const { size } = planArchive(hook.response, response);
  const archive = size > COMPARED_MAX_BYTES ? undefined : encodeArchive(hook.response, response);
  return { outcome, reply: { error: undefined, archive, size, movedBytes: moved + size, ...needed } };
}

function ranOutOfTime({ error }: HookReply): boolean {
  return error !== undefined && 'stop' in error.failure && error.failure.stop.kind === 'Timeout';
}

function findFaults<Request, Response>(
  rules: readonly AnswerRule<Request, Response>[],
  request: Request,
  outcome: HookOutcome<Response>,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (outcome.kind === 'error') return found;
  for (const { id, fault } of rules) {
    const wrong = fault(outcome.response, request);
    if (wrong !== undefined) found.set(id, wrong);
  }
  return found;
}

function formCheck(
  hook: HookName,
  { id, what, hint }: Omit<RequestForm<unknown>, 'cases'>,
  before: readonly string[],
  tryAll: (host: HookTestHost) => readonly Trial[],
): Check<HookTestHost> {
  return {
    id: `${groupOf(hook)}.${id}`,
    rule: `${hook} answers ${what}.`,
    anchor: 'messages',
    hint,
    needs: id === SAMPLE ? before : [sampleCheck(hook)],
    function: hook,
    run: (host) => {
      const trials = tryAll(host).filter(({ form }) => form === id);
      if (trials.length === 0) return skip('not sent: an earlier request ran out of time');
      const most = Math.max(...trials.map(({ reply }) => reply.fuel));
      const measured = measuredOf(most, 'fuel', host.options.limits.call.fuel);
      const failed = trials.find(({ reply }) => reply.error !== undefined);
      return failed?.reply.error === undefined
        ? pass(measured)
        : callFailed(failed.what, failed.reply.error, hint, measured);
    },
  };
}

function ruleCheck(
  hook: HookName,
  { id, level, rule, anchor, hint }: Omit<AnswerRule<never, never>, 'fault'>,
  tryAll: (host: HookTestHost) => readonly Trial[],
): Check<HookTestHost> {
  const judge = ({ what, faults }: Trial): Finding => {
    const found = faults.get(id);
    if (found === undefined) return pass();
    return level === 'warn' ? warn(`${what}: ${found}`) : fail(`${what}: ${found}`);
  };
  return {
    rule,
    anchor,
    hint,
    id: `${groupOf(hook)}.${id}`,
    needs: [sampleCheck(hook)],
    function: hook,
    run: (host) => first(tryAll(host).map(judge)),
  };
}
