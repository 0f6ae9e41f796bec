import * as assert from 'uvu/assert';
import { dispatchHint, hookCallHint } from '../../../src/hints/index.ts';
import { filterHook, type HookOutcome } from '../../../src/hooks/index.ts';
import { filterSample } from '../../../src/hooks/samples.ts';
import { DirectEngine } from '../../../src/host/direct-engine.ts';
import type { EngineContext, PluginEngine, PluginModule } from '../../../src/host/engine.ts';
import { settleHost } from '../../../src/host/options.ts';
import { trapOf } from '../../../src/metering/run/trap-stack.ts';
import type { DispatchOutcome } from '../../../src/protocol/dispatch.ts';
import { wire } from '../../../src/protocol/messages/index.ts';
import { answering, dataAt, hookModule, NO_RESULTS } from '../../hooks/hook-module.ts';
import { fixture } from '../../support/fixture.ts';
import { type Behaviour, guest, trap } from '../../support/guest-wat.ts';
import { recordedTelemetry } from '../../support/recorded-telemetry.ts';
import { filterRequest } from '../host-under-test.ts';

/** The options of a host whose plugins end soon, whatever they do. */
export const smallBudgets = {
  calls: { fuel: 1_000_000, wallMs: Number.POSITIVE_INFINITY, memoryMaxPages: 64 },
  hooks: { call: { fuel: 1_000_000, wallMs: Number.POSITIVE_INFINITY } },
} as const;

/**
 * Few have two: all workers of Chromium together have address space for about a hundred memories.
 */
const instancesOf = ({ name }: { readonly name: string }): number => (['trap', 'answer'].includes(name) ? 2 : 1);

/** What an engine works with in these tests, with a telemetry that keeps what it gets. */
export function contextUnderTest(): EngineContext & { readonly telemetry: ReturnType<typeof recordedTelemetry> } {
  const telemetry = recordedTelemetry();
  return { ...settleHost({ ...smallBudgets, instances: instancesOf, telemetry }).context, telemetry };
}

/** The version of `filter` that all plugins here have negotiated. */
const VERSION = 3;

const OK = '{"_v":3,"ranked_upstream_ids":[],"per_candidate_reasons":[],"annotations":{}}';

/** What the function `filter` of a plugin does. */
const behaviours: Readonly<Record<string, Behaviour>> = {
  trap,
  error: { error: 'no such upstream' },
  'error that is not UTF-8': {
    code: '(result i32) (drop (call $fail (i32.const 0) (i32.const 1))) (i32.const 1)',
  },
  code: { code: '(result i32) (i32.const 7)' },
  loop: { code: '(result i32) (loop $again (br $again)) (unreachable)' },
  recursion: { code: '(result i32) (call $deep) (unreachable)' },
  'no output': { code: '(result i32) (i32.const 0)' },
  'bytes that are not UTF-8': new Uint8Array([0xff, 0xfe]),
  'not JSON': '{"_v":3,',
  'not an object': '[1]',
  'no version': '{}',
  'a version that is a text': '{"_v":"3"}',
  'another version': '{"_v":2}',
  'a field of another type': OK.replace('[]', '"all"'),
  'a parameter': { code: '(param i32) (result i32) (i32.const 0)' },
  answer: OK,
};

/** The metadata of a plugin, as far as engines read it. */
export const metadataWith = (plugin: string, functions: Readonly<Record<string, number>>) =>
  // The cast: engines read no other field.
  ({ identity: { plugin_name: plugin }, negotiated_functions: functions }) as never;

/** A module that nobody has admitted. */
export const moduleUnderTest = (name: string, generation: 1 | 2, bytes: Uint8Array): PluginModule => ({
  id: { principal: '__global__', name },
  generation,
  bytes: new Uint8Array(bytes),
});

type AnyOutcome = DispatchOutcome<unknown> | HookOutcome<unknown>;

/** What a caller can see of an outcome. */
function seenOf(outcome: AnyOutcome): unknown {
  if (outcome.kind === 'ok') return outcome;
  const { error } = outcome;
  const { name, message, failure } = error;
  const hint = outcome.kind === 'fallback' ? dispatchHint(outcome.error.failure) : hookCallHint(outcome.error.failure);
  const trapped = trapOf(failure);
  return {
    outcome: { ...outcome, error: name },
    message,
    failure,
    hint,
    trapped: trapped && { stack: trapped.stack, said: trapped.said },
    causes: causesOf(error),
  };
}

function causesOf(error: Error): unknown[] {
  const { cause } = error;
  if (!(cause instanceof Error)) return cause === undefined ? [] : [cause];
  const failure = 'failure' in cause ? cause.failure : undefined;
  return [{ class: cause.constructor.name, name: cause.name, message: cause.message, failure }, ...causesOf(cause)];
}

async function outcomesOf(engine: PluginEngine): Promise<ReadonlyMap<string, unknown>> {
  const outcomes = new Map<string, unknown>();
  for (const [name, run] of await runs()) outcomes.set(name, await run(engine));
  return outcomes;
}

/**
 * Starts a plugin and calls it three times. A later call may find what the first one left.
 */
type Run = (engine: PluginEngine) => Promise<unknown>;

const CALLS = ['first', 'second', 'third'];

async function runs(): Promise<[name: string, run: Run][]> {
  const fields = '(func $deep (local i64 i64 i64 i64) (call $deep))';
  const guests = Object.entries(behaviours).map(
    async ([name, filter]): Promise<[string, Run]> => [
      name,
      wireRun(name, await guest({ fields, exports: { ' answer ': ' ', filter } })),
    ],
  );
  const hooks = Object.entries(hookTexts).map(
    async ([name, text]): Promise<[string, Run]> => [
      `hook: ${name}`,
      hookRun(name, await hookModule({ filter: 'active' }, text)),
    ],
  );
  return [
    ['the fixture', wireRun('router', await fixture('router/router.wasm'))],
    ['no such function', wireRun('router', await fixture('observer/observer.wasm'))],
    ['no version of the function', wireRun('router', await fixture('router/router.wasm'), {})],
    ['a bad request', wireRun('router', await fixture('router/router.wasm'), { filter: VERSION }, { candidates: 7 })],
    ...(await Promise.all(guests)),
    ['hook: the fixture', hookRun('filter', await fixture('hooks/filter/filter.wasm'))],
    ['hook: a bad request', hookRun('filter', await fixture('hooks/filter/filter.wasm'), { candidates: 7 })],
    ...(await Promise.all(hooks)),
  ];
}

const filterWith = (body: string): string => `(func (export "cc_lb_filter") (param i32 i32) (result i64) ${body})`;

const hookTexts: Readonly<Record<string, string>> = {
  trap: filterWith('unreachable'),
  loop: filterWith('(loop $again (br $again)) unreachable'),
  'no room': `(func (export "cc_lb_alloc") (param i32 i32) (result i32) i32.const 0) ${filterWith('i64.const 0')}`,
  'room outside': `(func (export "cc_lb_alloc") (param i32 i32) (result i32) i32.const -16)
    ${filterWith('i64.const 0')}`,
  'an empty answer': filterWith('i64.const 0'),
  'an answer outside': filterWith('i64.const -1'),
  'an answer that is JSON': `${dataAt(2048, new TextEncoder().encode('{"a":1}'))} ${answering('filter', 2048, 7)}`,
  answer: `${dataAt(2048, NO_RESULTS)} ${answering('filter', 2048, NO_RESULTS.length)}`,
};

function wireRun(
  name: string,
  wasm: Uint8Array,
  functions: Readonly<Record<string, number>> = { filter: VERSION },
  more: object = {},
): Run {
  return async (engine) => {
    const runner = await engine.start(moduleUnderTest(name, 1, wasm), metadataWith(name, functions), false);
    if (runner.generation !== 1) throw new Error('a plugin of generation 1 has such a runner');
    // The cast: one of the requests is not of the type.
    const request = { ...filterRequest, ...more } as typeof filterRequest;
    const seen: unknown[] = [];
    for (const _ of CALLS) seen.push(seenOf(await runner.dispatch(wire.v3.filter, request, {})));
    await runner.dispose();
    return seen;
  };
}

function hookRun(name: string, wasm: Uint8Array, more: object = {}): Run {
  return async (engine) => {
    const runner = await engine.start(moduleUnderTest(name, 2, wasm), undefined, false);
    if (runner.generation !== 2) throw new Error('a hook plugin has such a runner');
    // The cast: one of the requests is not of the type.
    const request = { ...filterSample(), ...more } as ReturnType<typeof filterSample>;
    const seen: unknown[] = [];
    for (const _ of CALLS) seen.push(seenOf(await runner.dispatch(filterHook, request, {})));
    await runner.dispose();
    return seen;
  };
}

/**
 * Calls plugins that fail in every way, on an engine and on this thread, and compares all that can
 * be seen.
 */
export async function assertSameOutcomes(
  engine: PluginEngine,
  context: ReturnType<typeof contextUnderTest>,
): Promise<void> {
  const direct = contextUnderTest();
  const expected = await outcomesOf(new DirectEngine(direct));
  const found = await outcomesOf(engine);
  for (const [name, outcome] of expected) assert.equal(found.get(name), outcome, name);
  assert.is(found.size, expected.size);
  assert.equal(reported(context), reported(direct));
}

/** What a telemetry got, without the times of calls, and without what depends on earlier tests. */
const reported = ({ telemetry: { events, counters, measurements } }: ReturnType<typeof contextUnderTest>) => ({
  events,
  counters: counters.filter(({ name }) => !name.includes('cache')),
  measurements: measurements.map(({ name, labels }) => ({ name, labels })),
});
