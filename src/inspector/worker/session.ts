import { readJson } from '../../json/text/reader.ts';
import { cutText } from '../call/cut-text.ts';
import type { CallCost, CallReport, CutText, SeriesSlice } from '../call/report.ts';
import type { CallTarget } from '../request/callables.ts';
import { writeDocument } from '../request/json-document.ts';

/** The most characters of an answer or request that the page gets. */
export const MESSAGE_CHARACTERS = 200_000;

/** A plugin that is admitted, or refused, and its host: what both keep lives from call to call. */
export interface Session {
  /** The functions that the plugin implements, or the hooks that it declares. */
  readonly implemented: readonly string[];
  /**
   * Makes one call.
   *
   * @param request JSON.
   * @throws JsonDecodeError if the text is not a request.
   */
  call(target: CallTarget, request: string): Promise<CallReport>;
  /**
   * Makes calls until there are `count`, one fails, or the time is over: at least one.
   *
   * @param sliceMs milliseconds.
   * @throws as {@link call}.
   */
  repeat(target: CallTarget, request: string, count: number, sliceMs: number): SeriesSlice;
  /** Takes another instance for the next call. */
  reset(): void;
  /** Forgets what the plugin stored. */
  clearStorage(): void;
  /** The requests to begin with, by what each has. The text of each is JSON. */
  samples(target: CallTarget): ReadonlyMap<string, () => string>;
}

/** Writes JSON with a line for each value, and cuts it. */
export function prettyText(json: string): CutText {
  return cutText(writeDocument(readJson(json)), MESSAGE_CHARACTERS);
}

/** A call of a series: what it took, and its report if it failed. */
export interface SeriesCall {
  readonly cost: CallCost;
  readonly failed?: CallReport;
}

/** Makes calls as {@link Session.repeat} does. */
export function callsUntil(count: number, sliceMs: number, call: () => SeriesCall): SeriesSlice {
  const costs: CallCost[] = [];
  const end = performance.now() + sliceMs;
  do {
    const { cost, failed } = call();
    if (failed !== undefined) return { costs, failed };
    costs.push(cost);
  } while (costs.length < count && performance.now() < end);
  return { costs };
}
