import { readFileSync } from 'node:fs';
import { admitHooks, HookCallError, type HookOutcome, type HookPlugin } from '../../src/hooks/index.ts';
import { PATIENT } from '../bench/hooks/call-row.ts';
import {
  filterRequest,
  shapeRequest,
  transformResponseRequest,
  transformSseEventRequest,
} from '../bench/hooks/requests.ts';

/** One call in this many has a body of 1 MB, for which the plugin's memory grows. */
const LARGE_EVERY = 1_000;
const [SMALL, LARGE] = [2 * 1_024, 1_024 * 1_024];

function admitted(name: string): HookPlugin {
  const path = new URL(`../../fixtures/hooks/${name}/${name}.wasm`, import.meta.url);
  const { plugin, report } = admitHooks(new Uint8Array(readFileSync(path)), PATIENT);
  if (plugin === undefined) throw new Error(`${name} is not admitted: ${JSON.stringify(report.steps)}`);
  return plugin;
}

/** A call that is made again and again: what it answers must not change. */
interface RepeatedCall {
  readonly name: string;
  /**
   * Calls, and describes the answer: the part of it that would show a leak.
   *
   * @throws HookCallError if the call fails.
   */
  readonly run: () => string;
}

function described<T>(outcome: HookOutcome<T>, describe: (response: T) => string): string {
  if (outcome.kind === 'error') throw outcome.error;
  return describe(outcome.response);
}

/** What a call answers, or why it fails. */
function answerOf(call: RepeatedCall): string {
  try {
    return call.run();
  } catch (error) {
    if (error instanceof HookCallError) return error.message;
    throw error;
  }
}

function callsWith(filter: HookPlugin, shape: HookPlugin, bytes: number): RepeatedCall[] {
  const [toFilter, toShape] = [filterRequest(10, bytes), shapeRequest(bytes)];
  const [toTransform, event] = [transformResponseRequest(bytes), transformSseEventRequest(bytes)];
  const named = (name: string, run: () => string): RepeatedCall => ({ name: `${name}, ${bytes} bytes`, run });
  return [
    // The plugin says how often its instance was called.
    named('filter', () =>
      described(filter.filter(toFilter), ({ results }) => results.map(({ reason }) => reason).join()),
    ),
    named('shape', () => described(shape.shape(toShape), ({ url, body }) => `${url} ${body.length}`)),
    named('transform_response', () => described(shape.transformResponse(toTransform), ({ kind }) => kind)),
    named('transform_sse_event', () => described(shape.transformSseEvent(event), ({ kind }) => kind)),
  ];
}

/** Calls of all hooks in turn. */
export class HookSoak {
  /** Calls so far. */
  calls = 0;
  /** Calls that failed, or answered differently from the first one. */
  faultCount = 0;
  /** The first of them, described. */
  readonly faults: string[] = [];
  readonly #small: readonly RepeatedCall[];
  readonly #large: readonly RepeatedCall[];
  readonly #expected = new Map<RepeatedCall, string>();

  constructor() {
    const [filter, shape] = [admitted('filter'), admitted('shape-active')];
    this.#small = callsWith(filter, shape, SMALL);
    this.#large = callsWith(filter, shape, LARGE);
    for (const call of [...this.#small, ...this.#large]) this.#expected.set(call, call.run());
  }

  /** Makes the next call. */
  call(): void {
    const number = this.calls++;
    const isLarge = number % LARGE_EVERY === LARGE_EVERY - 1;
    const turn = isLarge ? Math.floor(number / LARGE_EVERY) : number;
    const all = isLarge ? this.#large : this.#small;
    const call = all[turn % all.length];
    if (call === undefined) throw new RangeError('there are no calls');
    const answer = answerOf(call);
    if (answer === this.#expected.get(call)) return;
    this.faultCount++;
    if (this.faults.length < 20) this.faults.push(`call ${number}, ${call.name}: ${answer}`);
  }
}
