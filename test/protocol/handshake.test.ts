import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { trapOf } from '../../src/metering/run/trap-stack.ts';
import { BuildPluginError, compilePlugin, preparePlugin } from '../../src/plugin/index.ts';
import {
  buildOffer,
  HandshakeExecutionError,
  type HandshakeExecutionFailure,
  type HandshakeOptions,
} from '../../src/protocol/handshake.ts';
import { encodeJson, type HandshakeOffer, handshakeOffer } from '../../src/protocol/messages/index.ts';
import { failureOf, thrownBy } from '../support/failure.ts';
import { fixture } from '../support/fixture.ts';
import { type Behaviour, echo, echoAsError, guest, trap } from '../support/guest-wat.ts';
import { executeHandshake, measuredHandshake, unhurried } from '../support/layers.ts';
import { recordedTelemetry } from '../support/recorded-telemetry.ts';
import { slowGuest } from '../support/slow-guest.ts';
import { failingCounters } from '../support/telemetry.ts';

const offer = buildOffer(['storage']);

const accept = {
  handshake_schema_version: 1,
  envelope_version: 1,
  chosen_versions: { shape: 1 },
  plugin_supported: { shape: [1] },
  implemented_functions: ['shape'],
  required_capabilities: ['storage'],
};

const answer = (changes: object = {}): string => JSON.stringify({ ...accept, ...changes });

/** A plugin that exports `shape`, and gives this answer to the handshake. */
const answering = (handshake: Behaviour, exports: Readonly<Record<string, Behaviour>> = { shape: '' }) =>
  guest({ exports: { ...exports, cc_lb_handshake: handshake } });

/** Answers an error whose text is the offer that it received. */
const asking = await answering(echoAsError);

const passing = suite('a handshake');

passing('returns what the plugin accepted, with sorted sets', async () => {
  const wasm = await answering(answer({ implemented_functions: ['sign', 'shape', 'sign'] }), { shape: '', sign: '' });
  const { chosen_versions: chosen, plugin_supported: supported, ...rest } = executeHandshake(wasm, offer);
  assert.equal(Object.entries(chosen), [['shape', 1]]);
  assert.equal(Object.entries(supported), [['shape', [1]]]);
  assert.equal(rest, {
    handshake_schema_version: 1,
    envelope_version: 1,
    implemented_functions: ['shape', 'sign'],
    required_capabilities: ['storage'],
  });
});

passing('with a plugin in any form', async () => {
  const wasm = await answering(answer());
  const compiled = compilePlugin(wasm);
  for (const plugin of [
    wasm,
    compiled,
    compilePlugin(await WebAssembly.compile(preparePlugin(wasm, { kernel: 'instance' }))),
  ]) {
    assert.equal(executeHandshake(plugin, offer).implemented_functions, ['shape']);
  }
});

const fixtures = {
  router: ['filter'],
  dialect: ['normalize_error', 'shape'],
  signer: ['build_signer', 'on_unauthorized', 'sign'],
  observer: ['observe'],
};

for (const [name, implemented] of Object.entries(fixtures)) {
  passing(`with the ${name} of the fixtures`, async () => {
    const wasm = await fixture(`${name}/${name}.wasm`);
    const accepted = executeHandshake(wasm, buildOffer([]), unhurried.handshake);
    assert.equal(accepted.implemented_functions, implemented);
    assert.equal(Object.keys(accepted.chosen_versions), implemented);
  });
}

passing('may implement a function that is not a wire function, if it was offered and is exported', async () => {
  const own: HandshakeOffer = { ...offer, function_versions: { rank: [1, 2] } };
  const ownAccept = { chosen_versions: { rank: 2 }, plugin_supported: { rank: [2] }, implemented_functions: ['rank'] };
  const wasm = await answering(answer(ownAccept), { rank: '', other: '' });
  assert.equal(executeHandshake(wasm, own).implemented_functions, ['rank']);
});

passing("passes the host's offer to the plugin as JSON", async () => {
  const failure = failureOf(HandshakeExecutionError, () => executeHandshake(asking, offer));
  const message = encodeJson(handshakeOffer, offer, 'declared');
  assert.equal(failure, { kind: 'Call', reason: message, call: { kind: 'PluginError', message } });
});

passing('is counted once its offer is in order', async () => {
  const telemetry = recordedTelemetry();
  const begun = { name: 'cc_lb_plugin_handshake_total', value: 1, labels: {} };
  thrownBy(() => executeHandshake(asking, { ...offer, function_versions: { shape: [0] } }, { telemetry }));
  assert.equal(telemetry.counters, []);
  thrownBy(() => executeHandshake(new Uint8Array(), offer, { telemetry }));
  assert.equal(telemetry.counters, [begun]);
  executeHandshake(await answering(answer()), offer, { telemetry });
  assert.equal(telemetry.counters, [begun, begun]);
});

passing('passes what the plugin logs to the telemetry', async () => {
  const telemetry = recordedTelemetry();
  const log = '(import "extism:host/env" "log_warn" (func $log (param i64)))';
  const code = '(result i32) (call $log (call $input_offset)) unreachable';
  const wasm = await guest({ fields: log, exports: { cc_lb_handshake: { code } } });
  thrownBy(() => executeHandshake(wasm, offer, { telemetry }));
  assert.equal(
    telemetry.events.map(({ level, target }) => [level, target]),
    [['warn', 'cc_lb_plugin.log']],
  );
});

passing('starts from a fresh plugin each time', async () => {
  const fields = '(global $calls (mut i32) (i32.const 0))';
  const code = `(result i32)
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (global.get $calls)`;
  const compiled = compilePlugin(await guest({ fields, exports: { cc_lb_handshake: { code } } }));
  for (let attempt = 0; attempt < 2; attempt++) {
    const failure = failureOf(HandshakeExecutionError, () => executeHandshake(compiled, offer));
    const reason = 'Returned non-zero exit code: 1';
    assert.equal(failure, { kind: 'Call', reason, call: { kind: 'NonZeroExit', code: 1 } });
  }
});

const failing = suite('a handshake that fails');

/** Runs a handshake, compares the fields of the expected failure, and checks the message. */
function checkFailure(wasm: Uint8Array, given: HandshakeOffer, expected: Partial<HandshakeExecutionFailure>): void {
  const failure = failureOf(HandshakeExecutionError, () => executeHandshake(wasm, given));
  assert.equal({ ...failure, ...expected }, failure);
  const { message } = new HandshakeExecutionError(failure);
  assert.ok(message.length > 20 && !message.includes('undefined'), message);
}

const userImport = '(import "extism:host/user" "cc_lb_log" (func (param i64 i64)))';
const wasiImport = '(import "wasi_snapshot_preview1" "random_get" (func (param i32 i32) (result i32)))';
const badOffer: HandshakeOffer = { ...offer, function_versions: { shape: [0] } };
const badVersion = { kind: 'VersionOutOfRange', version: 0, min: 1, max: 65535 } as const;

const building: Readonly<
  Record<string, readonly [() => Promise<Uint8Array>, Partial<HandshakeExecutionFailure>, HandshakeOffer?]>
> = {
  'an offer out of order': [() => answering(answer()), { kind: 'Validation', violation: badVersion }, badOffer],
  'an offer out of order, checked before the module': [
    async () => new Uint8Array(),
    { kind: 'Validation', violation: badVersion },
    badOffer,
  ],
  'bytes that are no module': [async () => new Uint8Array([1, 2, 3]), { kind: 'Instantiate' }],
  'a module that the engine refuses': [
    () => guest({ fields: '(global $g i32 (i32.const 0))' }).then(spoil),
    { kind: 'Instantiate' },
  ],
  'a host function imported': [
    () => guest({ fields: userImport, exports: { cc_lb_handshake: answer(), shape: '' } }),
    { kind: 'Instantiate' },
  ],
  'WASI imported': [
    () => guest({ fields: wasiImport, exports: { cc_lb_handshake: answer(), shape: '' } }),
    { kind: 'Instantiate' },
  ],
  'a start function that traps': [
    () => guest({ fields: '(start $start) (func $start unreachable)', exports: { cc_lb_handshake: answer() } }),
    { kind: 'Instantiate' },
  ],
  'no export': [() => guest({ exports: { shape: '' } }), { kind: 'MissingHandshakeExport' }],
  'an export with parameters': [
    () => answering({ code: '(param i32) (result i32) (i32.const 0)' }),
    { kind: 'MissingHandshakeExport' },
  ],
  'an export with another result': [
    () => answering({ code: '(result i64) (i64.const 0)' }),
    { kind: 'MissingHandshakeExport' },
  ],
  'an offer that cannot be written': [
    () => answering(answer()),
    { kind: 'SerializeOffer' },
    { ...offer, host_capabilities: ['\ud800'] },
  ],
  'a missing export, checked before the writing of the offer': [
    () => guest({}),
    { kind: 'MissingHandshakeExport' },
    { ...offer, host_capabilities: ['\ud800'] },
  ],
};

/** Ends the body of the last function with an instruction that does not exist. */
function spoil(wasm: Uint8Array): Uint8Array {
  const spoiled = new Uint8Array(wasm);
  spoiled[spoiled.lastIndexOf(0x0b) - 1] = 0xff;
  return spoiled;
}

for (const [title, [build, expected, given = offer]] of Object.entries(building)) {
  failing(`for ${title}`, async () => {
    checkFailure(await build(), given, expected);
  });
}

const tooLarge = 'x'.repeat(32769);
const answers: Readonly<Record<string, readonly [Behaviour, Partial<HandshakeExecutionFailure>]>> = {
  'a trap': [trap, { kind: 'Call' }],
  'an error of its own': [{ error: 'no such luck' }, { kind: 'Call', reason: 'no such luck' }],
  'a non-zero code': [
    { code: '(result i32) (i32.const 7)' },
    { kind: 'Call', reason: 'Returned non-zero exit code: 7' },
  ],
  'an error that speaks of a timeout': [{ error: 'upstream TimeOut' }, { kind: 'Timeout' }],
  'an error that speaks of what timed out': [{ error: 'it Timed Out' }, { kind: 'Timeout' }],
  'an error that speaks of a deadline': [{ error: 'past the DEADLINE' }, { kind: 'Timeout' }],
  'an error that speaks of fuel': [{ error: 'refuelling' }, { kind: 'Timeout' }],
  'an error that speaks of time outs': [{ error: 'time out' }, { kind: 'Call' }],
  'output that is not UTF-8': [new Uint8Array([0xff]), { kind: 'Call' }],
  'output that is neither UTF-8 nor small': [new Uint8Array(40000).fill(0xff), { kind: 'Call' }],
  'too much output': [tooLarge, { kind: 'OutputTooLarge', bytes: 32769, max: 32768 }],
  'too much output, in bytes': [`${'x'.repeat(32767)}é`, { kind: 'OutputTooLarge', bytes: 32769, max: 32768 }],
  'as much output as there may be, but no accept': [tooLarge.slice(1), { kind: 'DecodeAccept', path: '$', offset: 0 }],
  'no output': ['', { kind: 'DecodeAccept', path: '$', offset: 0 }],
  'the offer': [echo, { kind: 'DecodeAccept' }],
  'a byte order mark': [`\ufeff${answer()}`, { kind: 'DecodeAccept', path: '$', offset: 0 }],
  'a repeated field': [
    answer().replace('{', '{"envelope_version":1,'),
    { kind: 'DecodeAccept', path: '$.envelope_version' },
  ],
  'a version with a fraction': [
    answer().replace('"shape":1', '"shape":1.0'),
    {
      kind: 'DecodeAccept',
      path: '$.chosen_versions.shape',
      offset: 78,
      reason:
        'a value has the wrong type: at $.chosen_versions.shape, byte 78, expected an integer from 0 to 4294967295, ' +
        'found a number with a fraction (1.0); write 1',
      fault: {
        kind: 'WrongType',
        path: '$.chosen_versions.shape',
        hasKey: true,
        offset: 78,
        expected: 'an integer from 0 to 4294967295',
        found: 'a number with a fraction (1.0)',
        expectedType: 'integer',
        foundType: 'float',
        meant: '1',
      },
    },
  ],
  'another schema version': [
    answer({ handshake_schema_version: 2 }),
    { kind: 'Validation', violation: { kind: 'HandshakeSchemaVersionMismatch', got: 2, expected: 1 } },
  ],
  'a contradiction in itself': [
    answer({ implemented_functions: [] }),
    { kind: 'ChosenFunctionNotImplemented', function: 'shape' },
  ],
  'a function that it does not export': [
    answer({ implemented_functions: ['shape', 'sign'] }),
    { kind: 'DeclaredFunctionMissing', function: 'sign' },
  ],
  // Two faults at once: the earlier check wins.
  'another schema version, checked before the rest': [
    answer({ handshake_schema_version: 2, implemented_functions: ['unknown'] }),
    { kind: 'Validation', violation: { kind: 'HandshakeSchemaVersionMismatch', got: 2, expected: 1 } },
  ],
  'a capability, checked before the functions implemented': [
    answer({ required_capabilities: ['network'], implemented_functions: ['unknown'] }),
    { kind: 'Validation', violation: { kind: 'RequiredCapabilityUnavailable', capability: 'network' } },
  ],
  'an unknown function, checked before the exports': [
    answer({ implemented_functions: ['sign', 'unknown'] }),
    { kind: 'ImplementedUnknownFunction', function: 'unknown' },
  ],
};

for (const [title, [behaviour, expected]] of Object.entries(answers)) {
  failing(`for ${title}`, async () => {
    checkFailure(await answering(behaviour), offer, expected);
  });
}

const exports: Readonly<
  Record<string, readonly [object, Readonly<Record<string, Behaviour>>, Partial<HandshakeExecutionFailure>]>
> = {
  'an export of another type than it declares': [
    {},
    { shape: { code: '(result i64) (i64.const 0)' } },
    { kind: 'DeclaredFunctionMissing', function: 'shape' },
  ],
  'an export that it does not declare': [{}, { shape: '', sign: '' }, { kind: 'UndeclaredExport', function: 'sign' }],
  'the first such export in the order of the protocol': [
    {},
    { shape: '', filter: '', observe: '' },
    { kind: 'UndeclaredExport', function: 'observe' },
  ],
  'a missing export before one too many': [
    { implemented_functions: ['filter', 'shape'] },
    { shape: '', sign: '' },
    { kind: 'DeclaredFunctionMissing', function: 'filter' },
  ],
};

for (const [title, [changes, exported, expected]] of Object.entries(exports)) {
  failing(`for ${title}`, async () => {
    checkFailure(await answering(answer(changes), exported), offer, expected);
  });
}

failing('not for an undeclared export that cannot be called', async () => {
  const wasm = await answering(answer(), { shape: '', sign: { code: '(param i32)' } });
  assert.equal(executeHandshake(wasm, offer).implemented_functions, ['shape']);
});

failing('keeps the underlying error as its cause', async () => {
  const error = thrownBy(() => executeHandshake(new Uint8Array(), offer));
  assert.ok(error instanceof Error && error.cause instanceof BuildPluginError);
});

failing('lets an error of the host pass unchanged', async () => {
  const wasm = await answering(answer());
  for (const [options, message] of [
    [{ fuel: -1 }, 'options.fuel must be a number from 0 up, or Infinity'],
    [{ timeout: 5 }, 'options.timeout must be left out: use wallMs'],
    [null, 'options must be an object'],
  ] as const) {
    // The types refuse some of these options.
    const error = thrownBy(() => executeHandshake(wasm, offer, options as HandshakeOptions));
    assert.ok(error instanceof TypeError && error.message === message, String(error));
  }
});

/** Failures of a call whose text mentions fuel or time, and whether that makes them a timeout. */
const speaking: Readonly<Record<string, readonly [code: string, kind: 'Call' | 'Timeout', reason?: RegExp]>> = {
  'an error, when the export returned': ['(call $fail (i32.const 60000) (i32.const 12))', 'Timeout'],
  'an error, when the export returned a code': [
    '(drop (call $fail (i32.const 60000) (i32.const 12))) (i32.const 7)',
    'Timeout',
  ],
  'an error, when the export trapped': [
    '(drop (call $fail (i32.const 60000) (i32.const 12))) unreachable',
    'Call',
    /^wasm trap: /,
  ],
  'a trap in a function called refuel': ['(call $refuel) (i32.const 0)', 'Call', /^wasm trap: /],
  'the name of a host that it asks for': [
    '(drop (call $http_request (call $block (i32.const 60100) (i32.const 31)) (i64.const 0))) (i32.const 0)',
    'Call',
    /fuel\.example/,
  ],
  'a name in a request that is not JSON': [
    '(drop (call $http_request (call $block (i32.const 60200) (i32.const 8)) (i64.const 0))) (i32.const 0)',
    'Call',
  ],
  'an error that it cleared again': [
    '(drop (call $fail (i32.const 60000) (i32.const 12))) (call $error_set (i64.const 0)) (i32.const 7)',
    'Call',
    /^Returned non-zero exit code: 7$/,
  ],
};
const speaker = `(import "extism:host/env" "http_request" (func $http_request (param i64 i64) (result i64)))
  (data (i32.const 60000) "no more fuel") (data (i32.const 60100) "{\\22url\\22:\\22https://fuel.example/\\22}")
  (data (i32.const 60200) "deadline") (func $refuel unreachable)`;
for (const [what, [code, kind, reason = /./]] of Object.entries(speaking)) {
  failing(`with words of fuel or time in ${what} is ${kind}`, async () => {
    const handshake: Behaviour = { code: `(result i32) ${code}` };
    const wasm = await guest({ fields: speaker, exports: { cc_lb_handshake: handshake, shape: '' } });
    const failure = failureOf(HandshakeExecutionError, () => executeHandshake(wasm, offer));
    assert.is(failure.kind, kind);
    if (failure.kind === 'Call') assert.match(failure.reason, reason);
    if (what.endsWith('trapped')) assert.is(trapOf(failure)?.said, 'no more fuel');
  });
}

failing('with an initialisation that exhausts its fuel is Timeout; with one that traps it is Call', async () => {
  const initialised = async (code: string): Promise<HandshakeExecutionFailure> => {
    const fields = `(func (export "__wasm_call_ctors") ${code})`;
    const wasm = await guest({ fields, exports: { cc_lb_handshake: answer(), shape: '' } });
    return failureOf(HandshakeExecutionError, () => executeHandshake(wasm, offer));
  };
  assert.is((await initialised('(loop $again (br $again))')).kind, 'Timeout');
  assert.is((await initialised('unreachable')).kind, 'Call');
});

const budgets = suite('the budget of a handshake');

const slow = await slowGuest('cc_lb_handshake', answer(), '(func (export "shape"))');

budgets("is the protocol's 10,000,000 fuel", () => {
  checkFailure(slow, offer, { kind: 'Timeout' });
  const run = measuredHandshake(slow, offer);
  assert.is(run.fuel, 10_000_000);
  assert.not.ok(run.ok);
});

budgets('may be another', () => {
  assert.equal(executeHandshake(slow, offer, { fuel: Infinity, wallMs: 5_000 }).implemented_functions, ['shape']);
  const failure = failureOf(HandshakeExecutionError, () =>
    executeHandshake(slow, offer, { fuel: Infinity, wallMs: 1 }),
  );
  // If the machine is too slow for the trial instance, it fails earlier.
  if (failure.kind === 'Instantiate') return;
  assert.is(failure.kind, 'Timeout');
  const { message } = new HandshakeExecutionError(failure);
  assert.match(message, /^cc_lb_handshake ran out of time: [\d,]+ of 1 ms of wall-clock time$/);
});

budgets('has the found values in its message', () => {
  const run = measuredHandshake(slow, offer, { fuel: Infinity, wallMs: 5_000 });
  assert.ok(run.ok);
  assert.ok(run.fuel !== undefined && run.fuel > 25_000_000);
  const badOfferRun = measuredHandshake(slow, badOffer);
  assert.ok(!badOfferRun.ok && badOfferRun.error instanceof HandshakeExecutionError);
  assert.is(badOfferRun.fuel, undefined);
});

failing('names the types of export that will do', () => {
  const missing = new HandshakeExecutionError({ kind: 'MissingHandshakeExport' });
  assert.is(missing.message, 'the plugin has no export cc_lb_handshake of type () -> i32 or () -> ()');
  const undeclared = new HandshakeExecutionError({ kind: 'DeclaredFunctionMissing', function: 'sign' });
  assert.is(
    undeclared.message,
    'implemented_functions has sign, but the plugin has no such export of type () -> i32 or () -> ()',
  );
});

failing('with malformed arguments is a TypeError that names them', async () => {
  const wasm = await answering(answer());
  // The cast stands for a host without a type checker, which can pass anything.
  const absent = null as never;
  for (const [name, run] of Object.entries({
    offer: () => executeHandshake(wasm, absent),
    options: () => executeHandshake(wasm, offer, absent),
  })) {
    const thrown = thrownBy(run);
    assert.ok(thrown instanceof TypeError && thrown.message.startsWith(`${name} must be `), String(thrown));
  }
});

failing("lets the error for an unprepared module, and the telemetry's, pass unchanged", async () => {
  const wasm = await answering(answer());
  const failure = failureOf(BuildPluginError, () => executeHandshake(new WebAssembly.Module(wasm.slice()), offer));
  assert.is(failure.kind, 'NotPrepared');
  const full = new Error('the disk is full');
  const telemetry = failingCounters(full);
  assert.is(
    thrownBy(() => executeHandshake(wasm, offer, { telemetry })),
    full,
  );
});

passing.run();
failing.run();
budgets.run();
