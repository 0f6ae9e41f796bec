import { readJson } from '../../json/text/reader.ts';
import { BuildPluginError } from '../../plugin/index.ts';
import { budgetsText } from '../call/budgets.ts';
import type { CallReport, SeriesSlice } from '../call/report.ts';
import type { CallSettings } from '../call/settings.ts';
import { type CallTarget, firstTarget } from '../request/callables.ts';
import { writeDocument } from '../request/json-document.ts';
import { FULL_SAMPLE } from './full-sample.ts';
import { HookSession } from './hook-session.ts';
import { type PluginInput, preparedModule, treatedAs } from './plugin-input.ts';
import type { Session } from './session.ts';
import { WireSession } from './wire-session.ts';

/** What every task about calls gets. */
export interface SessionInput extends PluginInput {
  /** The number of the open plugin: another plugin gets another instance. */
  readonly pluginId: number;
  readonly settings: CallSettings;
}

/** A call to make. */
export interface CallInput extends SessionInput {
  readonly target: CallTarget;
  /** The request as JSON. */
  readonly request: string;
}

/** Calls to make. */
export interface SeriesInput extends CallInput {
  /** How many at most. */
  readonly count: number;
  /** After how many milliseconds no call begins. */
  readonly sliceMs: number;
}

/** Which request to begin with. */
export interface SampleInput extends SessionInput {
  /** What is to be called; if it is missing, the first that the plugin implements. */
  readonly target?: CallTarget;
  /** What it has; the first if it is missing. */
  readonly what?: string;
}

/** A request to begin with. */
export interface SampleRequest {
  readonly target: CallTarget;
  readonly what: string;
  /** The request as JSON with a line for each value. */
  readonly text: string;
  /** What each of the requests has, this one included. */
  readonly all: readonly string[];
  /** A request with every option set, whose values a form adds; missing if it cannot be made. */
  readonly full?: string;
  /** What the plugin implements. */
  readonly implemented: readonly string[];
}

/** The session of the latest plugin and settings. Another ends it. */
let open: { readonly key: string; readonly session: Session } | undefined;

/** Makes a call, and says what came of it. */
export function callOnce(input: CallInput): Promise<CallReport> {
  return sessionOf(input).call(input.target, input.request);
}

/** Makes calls one after the other, until one fails. */
export function callRepeatedly(input: SeriesInput): SeriesSlice {
  const { target, request, count, sliceMs } = input;
  return sessionOf(input).repeat(target, request, count, sliceMs);
}

/** Takes another instance for the next call. With `storage`, what the plugin stored is lost too. */
export function resetInstance(input: SessionInput & { readonly storage: boolean }): void {
  const session = sessionOf(input);
  session.reset();
  if (input.storage) session.clearStorage();
}

/** Makes a request to begin with. */
export function sampleRequest(input: SampleInput): SampleRequest {
  const session = sessionOf(input);
  const { implemented } = session;
  const target = input.target ?? firstTarget(treatedAs(input.bytes), implemented);
  const samples = session.samples(target);
  const [first = ''] = samples.keys();
  const what = input.what !== undefined && samples.has(input.what) ? input.what : first;
  const text = samples.get(what)?.() ?? '';
  const full = madeIfPossible(samples.get(FULL_SAMPLE));
  return {
    target,
    what,
    text: writeDocument(readJson(text)),
    all: [...samples.keys()],
    ...(full !== undefined && { full }),
    implemented,
  };
}

/** A request of a signer holds what the plugin returns: one that cannot be built has none. */
function madeIfPossible(make: (() => string) | undefined): string | undefined {
  try {
    return make?.();
  } catch (error) {
    if (error instanceof BuildPluginError) return undefined;
    throw error;
  }
}

const SESSIONS = { 1: WireSession, 2: HookSession } as const;

/** The session of a plugin with these settings: the one that is open, or a new one. */
function sessionOf({ pluginId, settings, file, bytes }: SessionInput): Session {
  const { budgets, ...others } = settings;
  const key = JSON.stringify([pluginId, budgetsText(budgets), others]);
  if (open?.key === key) return open.session;
  open?.session.reset();
  open = undefined;
  const session = new SESSIONS[treatedAs(bytes)](file, bytes, preparedModule(bytes), settings);
  open = { key, session };
  return session;
}
