import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BuildPluginError, compilePlugin, preparePlugin } from '../../src/plugin/index.ts';
import type { PluginSlot, SelfCheckResponse } from '../../src/protocol/messages/index.ts';
import {
  SelfCheckExecutionError,
  type SelfCheckExecutionFailure,
  validateSelfCheckRequest,
  validateSelfCheckResponse,
} from '../../src/protocol/self-check.ts';
import { failureOf, thrownBy } from '../support/failure.ts';
import { fixture } from '../support/fixture.ts';
import { type Behaviour, echoAsError, guest, trap } from '../support/guest-wat.ts';
import { executeSelfCheck, measuredSelfCheck, unhurried } from '../support/layers.ts';
import { recordedTelemetry } from '../support/recorded-telemetry.ts';
import { slowGuest } from '../support/slow-guest.ts';

const clock = () => 1_700_000_000_999;
const answering = (behaviour: Behaviour) => guest({ exports: { cc_lb_self_check: behaviour } });
const success = '{"status":"success","failures":[],"completed_at":5}';
const failures = (count: number): object[] =>
  Array.from({ length: count }, () => ({ stage: 'wire_function_test', message: 'bad' }));
const answer = (changes: object): string =>
  JSON.stringify({ status: 'success', failures: [], completed_at: 5, ...changes });

const passing = suite('a self-check');

passing('returns what the plugin answered', async () => {
  const wasm = await answering(success);
  const expected = { status: 'success', failures: [], completed_at: 5 };
  const compiled = compilePlugin(wasm);
  for (const plugin of [
    wasm,
    compiled,
    compilePlugin(await WebAssembly.compile(preparePlugin(wasm, { kernel: 'instance' }))),
  ]) {
    assert.equal(executeSelfCheck(plugin, ['shape'], { clock }), expected);
  }
});

for (const name of ['router', 'dialect', 'signer', 'observer']) {
  passing(`of the ${name} of the fixtures`, async () => {
    const compiled = compilePlugin(await fixture(`${name}/${name}.wasm`));
    const expected = { status: 'success', failures: [], completed_at: 1_700_000_000 };
    const options = { ...unhurried.selfCheck, clock };
    assert.equal(executeSelfCheck(compiled, 'all', options), expected);
    assert.equal(executeSelfCheck(compiled, ['router', 'observability_hook', 'shape'], options), expected);
  });
}

/** The request for these slots: the plugin answers with an error whose text is the request. */
const asking = await answering(echoAsError);
const asked = (slots: readonly PluginSlot[] | 'all'): unknown => {
  const failure = failureOf(SelfCheckExecutionError, () => executeSelfCheck(asking, slots, { clock }));
  return failure.kind === 'Call' ? failure.reason : failure;
};

passing('asks for the functions of the slots, at the time of the clock in seconds', () => {
  assert.is(asked(['shape', 'router']), '{"functions_to_test":["shape","filter"],"initiated_at":1700000000}');
  assert.is(asked(['observability_hook']), '{"functions_to_test":["observe"],"initiated_at":1700000000}');
});

passing('asks for all seven functions in the order of the protocol', () => {
  assert.is(
    asked('all'),
    '{"functions_to_test":["shape","normalize_error","build_signer","sign","on_unauthorized","observe","filter"],' +
      '"initiated_at":1700000000}',
  );
});

passing('of no slot is a success, and calls nothing', async () => {
  const response = executeSelfCheck(await answering(trap), [], { clock });
  assert.equal(response, { status: 'success', failures: [], completed_at: 1_700_000_000 });
});

passing("uses the machine's clock by default", async () => {
  const before = Math.floor(Date.now() / 1000);
  const { completed_at: time } = executeSelfCheck(await answering(success), []);
  assert.ok(time >= before && time <= Math.floor(Date.now() / 1000), String(time));
});

passing('keeps a time that a double cannot hold', async () => {
  const wasm = await answering('{"status":"success","failures":[],"completed_at":9223372036854775807}');
  assert.is(executeSelfCheck(wasm, 'all', { clock }).completed_at, 9223372036854775807n);
});

passing('may answer in the array form', async () => {
  const wasm = await answering('[{"success":null},[],5]');
  assert.equal(executeSelfCheck(wasm, 'all', { clock }), { status: 'success', failures: [], completed_at: 5 });
});

passing('passes what the plugin logs to the telemetry', async () => {
  const telemetry = recordedTelemetry();
  const fields = '(import "extism:host/env" "log_info" (func $log (param i64)))';
  const code = '(result i32) (call $log (call $input_offset)) unreachable';
  const wasm = await guest({ fields, exports: { cc_lb_self_check: { code } } });
  thrownBy(() => executeSelfCheck(wasm, 'all', { clock, telemetry }));
  assert.is(telemetry.events.length, 1);
  assert.equal(telemetry.counters, []);
});

const failing = suite('a self-check that fails');

/** Compares the fields of the expected failure, and checks the message. */
function checkFailure(run: () => unknown, expected: Partial<SelfCheckExecutionFailure>): void {
  const failure = failureOf(SelfCheckExecutionError, run);
  assert.equal({ ...failure, ...expected }, failure);
  const { message } = new SelfCheckExecutionError(failure);
  assert.ok(message.length > 20 && !message.includes('undefined'), message);
}

const invalidTime = (field: 'initiated_at' | 'completed_at'): Partial<SelfCheckExecutionFailure> => ({
  kind: 'Validation',
  violation: { kind: 'InvalidTimestamp', field },
});
const tooMany: Partial<SelfCheckExecutionFailure> = {
  kind: 'Validation',
  violation: { kind: 'TooManyFunctions', count: 17, max: 16 },
};

const answers: Readonly<Record<string, readonly [Behaviour, Partial<SelfCheckExecutionFailure>]>> = {
  'a trap': [trap, { kind: 'Call' }],
  'an error of its own': [{ error: 'no such luck' }, { kind: 'Call', reason: 'no such luck' }],
  'an error that speaks of a timeout': [{ error: 'timeout' }, { kind: 'Call', reason: 'timeout' }],
  'an error that speaks of fuel': [{ error: 'out of fuel' }, { kind: 'Call', reason: 'out of fuel' }],
  'output that is neither UTF-8 nor small': [new Uint8Array(9000).fill(0xff), { kind: 'Call' }],
  'too much output': [answer({}).padEnd(8193), { kind: 'OutputTooLarge', bytes: 8193, max: 8192 }],
  'as much output as there may be, but no response': [
    'x'.repeat(8192),
    { kind: 'DecodeResponse', path: '$', offset: 0 },
  ],
  'no output': ['', { kind: 'DecodeResponse', path: '$', offset: 0 }],
  'an unknown status': [
    answer({ status: 'Success' }),
    {
      kind: 'DecodeResponse',
      path: '$.status',
      offset: 10,
      fault: {
        kind: 'UnknownVariant',
        path: '$.status',
        offset: 10,
        expected: 'one of success, failure',
        found: 'Success',
        given: 'Success',
        known: ['success', 'failure'],
        meant: 'success',
      },
    },
  ],
  'an unknown stage': [
    answer({ status: 'failure', failures: [{ stage: 'lunch', message: '' }] }),
    { kind: 'DecodeResponse', path: '$.failures[0].stage' },
  ],
  'a repeated field': [success.replace('{', '{"completed_at":1,'), { kind: 'DecodeResponse' }],
  'completion in 1970': [answer({ completed_at: 0 }), invalidTime('completed_at')],
  'completion before 1970': [answer({ completed_at: -1 }), invalidTime('completed_at')],
  'more failures than there may be': [answer({ status: 'failure', failures: failures(17) }), tooMany],
  'success with failures': [answer({ failures: failures(2) }), { kind: 'SuccessWithFailures', count: 2 }],
  'failure without failures': [answer({ status: 'failure' }), { kind: 'FailureWithoutFailures' }],
  failure: [answer({ status: 'failure', failures: failures(16) }), { kind: 'FailureStatus', failures: 16 }],
  // Two faults at once: the earlier check wins.
  'too much output, checked before decoding': ['x'.repeat(8193), { kind: 'OutputTooLarge', bytes: 8193, max: 8192 }],
  'the time, checked before the failures': [
    answer({ completed_at: 0, failures: failures(17) }),
    invalidTime('completed_at'),
  ],
  'the number of failures, checked before the status': [answer({ failures: failures(17) }), tooMany],
};

for (const [title, [behaviour, expected]] of Object.entries(answers)) {
  failing(`for ${title}`, async () => {
    const wasm = await answering(behaviour);
    checkFailure(() => executeSelfCheck(wasm, 'all', { clock }), expected);
  });
}

failing('keeps what the plugin answered', async () => {
  const wasm = await fixture('behaviour/self-check-failure.wasm');
  const error = thrownBy(() => executeSelfCheck(wasm, ['observability_hook'], { clock }));
  assert.instance(error, SelfCheckExecutionError);
  const { failure, response } = error as SelfCheckExecutionError;
  assert.equal(failure, { kind: 'FailureStatus', failures: 1 });
  const message = 'observe: the sample did not come back';
  assert.equal(response?.failures, [{ stage: 'wire_function_test', message }]);
});

failing('keeps an answer that breaks the rules', async () => {
  const wasm = await answering(answer({ completed_at: 0 }));
  const error = thrownBy(() => executeSelfCheck(wasm, 'all', { clock }));
  assert.is(error instanceof SelfCheckExecutionError && error.response?.completed_at, 0);
});

failing('has a message for a request that cannot be written', () => {
  const { message } = new SelfCheckExecutionError({ kind: 'SerializeRequest', reason: 'no ink' });
  assert.is(message, 'the self-check request cannot be written: no ink');
});

const noClock = () => {
  throw new Error('no battery');
};

/** Failures before the call: the plugin would succeed. */
const before: Readonly<
  Record<string, readonly [Uint8Array, readonly PluginSlot[] | 'all', () => number, Partial<SelfCheckExecutionFailure>]>
> = {
  'bytes that are no module': [new Uint8Array([1, 2, 3]), 'all', clock, { kind: 'Instantiate' }],
  'a host function imported': [
    await guest({ fields: '(import "extism:host/user" "cc_lb_now_unix_ms" (func (result i64)))' }),
    'all',
    clock,
    { kind: 'Instantiate' },
  ],
  'no export': [await guest({}), 'all', clock, { kind: 'MissingSelfCheckExport' }],
  'no export, even if nothing is to be tested': [await guest({}), [], clock, { kind: 'MissingSelfCheckExport' }],
  'an export with parameters': [
    await answering({ code: '(param i64) (result i32) (i32.const 0)' }),
    'all',
    clock,
    { kind: 'MissingSelfCheckExport' },
  ],
  'a clock that throws': [await answering(success), 'all', noClock, { kind: 'Clock', reason: 'no battery' }],
  'a clock that throws when nothing is to be tested': [await answering(success), [], noClock, { kind: 'Clock' }],
  'a clock that returns no time': [await answering(success), 'all', () => Number.NaN, { kind: 'Clock' }],
  'a clock that stands at 1970': [await answering(success), 'all', () => 999, invalidTime('initiated_at')],
  'a clock that stands at 1970 when nothing is to be tested': [
    await answering(success),
    [],
    () => 0,
    invalidTime('completed_at'),
  ],
  'too many slots': [await answering(success), Array.from({ length: 17 }, () => 'shape' as const), clock, tooMany],
  // Two faults at once: the earlier check wins.
  'a missing export, checked before the clock': [await guest({}), 'all', noClock, { kind: 'MissingSelfCheckExport' }],
  'the number of functions, checked before the time': [
    await answering(success),
    Array.from({ length: 17 }, () => 'shape' as const),
    () => 0,
    tooMany,
  ],
};

for (const [title, [wasm, slots, time, expected]] of Object.entries(before)) {
  failing(`for ${title}`, () => {
    checkFailure(() => executeSelfCheck(wasm, slots, { clock: time }), expected);
  });
}

failing('as a TypeError for a slot that does not exist', async () => {
  const wasm = await answering(success);
  const thrown = thrownBy(() => executeSelfCheck(wasm, ['filter' as PluginSlot], { clock }));
  assert.instance(thrown, TypeError);
});

const validating = suite('validating a self-check');

validating('request', () => {
  const request = { functions_to_test: ['shape'], initiated_at: 1 };
  assert.not.throws(() => validateSelfCheckRequest(request));
  const functions = Array.from({ length: 17 }, () => 'shape');
  const cases: readonly (readonly [object, Partial<SelfCheckExecutionFailure>])[] = [
    [{ functions_to_test: [] }, { kind: 'Validation', violation: { kind: 'EmptyRequest' } }],
    [{ functions_to_test: functions }, tooMany],
    [{ initiated_at: -5n }, invalidTime('initiated_at')],
    [
      { functions_to_test: [], initiated_at: 0 },
      { kind: 'Validation', violation: { kind: 'EmptyRequest' } },
    ],
  ];
  for (const [changes, expected] of cases) {
    checkFailure(() => validateSelfCheckRequest({ ...request, ...changes }), expected);
  }
});

validating('response, with any status', () => {
  const response: SelfCheckResponse = { status: 'failure', failures: [], completed_at: 1n };
  assert.not.throws(() => validateSelfCheckResponse(response));
  checkFailure(() => validateSelfCheckResponse({ ...response, completed_at: 0n }), invalidTime('completed_at'));
});

const budgets = suite('the budget of a self-check');

const slow = await slowGuest('cc_lb_self_check', success);

budgets("is the protocol's 10,000,000 fuel; nothing left is a failed call", () => {
  checkFailure(() => executeSelfCheck(slow, 'all', { clock }), { kind: 'Call', reason: 'plugin ran out of fuel' });
  assert.is(measuredSelfCheck(slow, 'all', { clock }).fuel, 10_000_000);
});

budgets('may be another', () => {
  const run = measuredSelfCheck(slow, 'all', { clock, fuel: Infinity, wallMs: 5_000 });
  assert.ok(run.ok && run.value.status === 'success');
  assert.ok(run.fuel !== undefined && run.fuel > 25_000_000);
  const failure = failureOf(SelfCheckExecutionError, () =>
    executeSelfCheck(slow, 'all', { fuel: Infinity, wallMs: 1 }),
  );
  // If the machine is too slow for the trial instance, it fails earlier.
  if (failure.kind === 'Instantiate') return;
  assert.is(failure.kind, 'Call');
  const { message } = new SelfCheckExecutionError(failure);
  assert.match(message, /^cc_lb_self_check ran out of time: [\d,]+ of 1 ms of wall-clock time$/);
});

failing('of one failure in the singular', async () => {
  const wasm = await answering(answer({ status: 'failure', failures: failures(1) }));
  const error = thrownBy(() => executeSelfCheck(wasm, 'all'));
  assert.ok(error instanceof Error && error.message === 'the self-check found 1 failure');
});

failing('names the types of export that will do', () => {
  const { message } = new SelfCheckExecutionError({ kind: 'MissingSelfCheckExport' });
  assert.is(message, 'the plugin has no export cc_lb_self_check of type () -> i32 or () -> ()');
});

failing('with malformed arguments is a TypeError that names them', async () => {
  const wasm = await answering(success);
  // The cast stands for a host without a type checker, which can pass anything.
  const given = (value: unknown) => value as never;
  const runs: readonly (readonly [expected: string, run: () => unknown])[] = [
    ["slots must be an array of slots, or 'all'", () => executeSelfCheck(wasm, given('router'))],
    ["slots must be an array of slots, or 'all'", () => executeSelfCheck(wasm, given(null))],
    ['a slot must be one of router, observability_hook, shape', () => executeSelfCheck(wasm, given(['filter']))],
    ['options must be an object', () => executeSelfCheck(wasm, 'all', given(null))],
    ['request must be a self-check request', () => validateSelfCheckRequest(given({}))],
    ['response must be a self-check response', () => validateSelfCheckResponse(given(null))],
  ];
  for (const [expected, run] of runs) {
    const thrown = thrownBy(run);
    assert.ok(thrown instanceof TypeError);
    assert.is(thrown.message, expected);
  }
});

failing('lets the error for an unprepared module pass unchanged', async () => {
  const module = new WebAssembly.Module((await answering(success)).slice());
  assert.is(failureOf(BuildPluginError, () => executeSelfCheck(module, 'all')).kind, 'NotPrepared');
});

passing.run();
failing.run();
validating.run();
budgets.run();
