import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildPlugin, compilePlugin } from '../../src/plugin/index.ts';
import { type DispatchFailure, type DispatchStage, dispatchWireCall } from '../../src/protocol/dispatch.ts';
import {
  JsonDecodeError,
  type JsonDecodeFailure,
  list,
  map,
  OpaqueJson,
  opaque,
  string,
  stringEnum,
  struct,
  u32,
  type WireFunction,
  type WireInput,
  wire,
} from '../../src/protocol/messages/index.ts';
import { utf8 } from '../support/bytes.ts';
import { errorOf, negotiated, pluginAnswering, responseOf } from '../support/dispatching.ts';
import { fixture } from '../support/fixture.ts';
import { type Behaviour, echo, echoAsError, guest, trap } from '../support/guest-wat.ts';
import { recordedTelemetry } from '../support/recorded-telemetry.ts';

const { sign, observe, shape, normalizeError, buildSigner, onUnauthorized } = wire.v1;
const { filter } = wire.v3;

const envelope = suite('the envelope');

/** A function of the host's own, whose response has the same type as its request. */
const note = struct('Note', { title: string, count: u32, rest: opaque });
const noteFunction: WireFunction<{ title: string; count: number; rest: OpaqueJson }, unknown> = {
  name: 'note',
  fallback: 'silent_skip',
  supportedVersions: [1, 2],
  dryRunRequest: () => ({ title: '', count: 0, rest: OpaqueJson.from(null) }),
  dryRunResponse: () => null,
  schemas: { request: note, response: note },
};

envelope('has all keys sorted at every depth, the version among them', async () => {
  const plugin = await pluginAnswering('note', echoAsError);
  const request = { title: 't', count: 7, rest: { b: [1, { z: null, a: 1.5 }], Z: 2 } };
  const outcome = dispatchWireCall(noteFunction, plugin, { negotiated_functions: { note: 2 } }, request);
  const { failure } = errorOf(outcome);
  assert.is(
    failure.kind === 'PluginCall' && failure.reason,
    '{"_v":2,"count":7,"rest":{"Z":2,"b":[1,{"a":1.5,"z":null}]},"title":"t"}',
  );
});

envelope('is opened again', async () => {
  const plugin = await pluginAnswering('note', echo);
  const outcome = dispatchWireCall(noteFunction, plugin, negotiated('note'), {
    title: 't',
    count: 7,
    rest: 2n ** 64n - 1n,
  });
  const response = responseOf(outcome) as { title: string; count: number; rest: OpaqueJson };
  assert.equal([response.title, response.count, response.rest.text], ['t', 7, '18446744073709551615']);
});

for (const version of [0, 4294967295]) {
  envelope(`may have the version ${version}`, async () => {
    const plugin = await pluginAnswering('observe', `{"_v":${version}}`);
    const outcome = dispatchWireCall(
      observe,
      plugin,
      { negotiated_functions: { observe: version } },
      observe.dryRunRequest(),
    );
    assert.equal(responseOf(outcome), {});
  });
}

envelope('may have any white space, order, and repeats, of which the last counts', async () => {
  const plugin = await pluginAnswering('normalize_error', '\n{"body_base64":1,"_v":"x","body_base64":null , "_v":1}');
  const outcome = dispatchWireCall(normalizeError, plugin, negotiated('normalize_error'), {
    status: 1,
    body_base64: '',
  });
  assert.equal(responseOf(outcome), { body_base64: null });
});

const failing = suite('a dispatch that falls back');

type Request = WireInput<ReturnType<typeof sign.dryRunRequest>>;
const signRequest: Request = sign.dryRunRequest();
const good = '{"_v":1,"url":null,"method":null,"headers":null,"body_base64":null}';

interface Case {
  readonly behaviour?: Behaviour;
  readonly versions?: Readonly<Record<string, number>>;
  readonly request?: unknown;
  readonly stage: DispatchStage;
  readonly failure: Partial<DispatchFailure>;
}

const throwing = {
  get shaped(): never {
    throw new Error('a getter of the host');
  },
  signer_state: null,
};

type Answered = readonly [answer: string, DispatchStage, Partial<DispatchFailure>];

/** An answer with a version that is not an unsigned integer, and what is said of it. */
function invalidVersion(version: string, facts: Readonly<Record<string, string>>): Answered {
  const place = { path: '$._v', offset: 6 };
  // The cast: the test compares all fields with those of the failure.
  const fault = { ...facts, ...place, expected: 'an integer from 0 to 18446744073709551615' } as JsonDecodeFailure;
  const { message: reason } = new JsonDecodeError(fault);
  const failure = { kind: 'ResponseVersionInvalid', expected: 1, ...place, reason, fault } as const;
  return [good.replace('1', version), 'response_envelope', failure];
}

const responseCases: Readonly<Record<string, Answered>> = {
  'no output': ['', 'deserialize_response', { kind: 'DeserializeResponseEnvelope', path: '$', offset: 0 }],
  'no JSON': ['{"_v":1,', 'deserialize_response', { kind: 'DeserializeResponseEnvelope', offset: 8 }],
  'a byte order mark': [`\ufeff${good}`, 'deserialize_response', { kind: 'DeserializeResponseEnvelope', offset: 0 }],
  'something after the object': [`${good}x`, 'deserialize_response', { kind: 'DeserializeResponseEnvelope' }],
  'an array': ['[1,null,null,null,null]', 'response_envelope', { kind: 'ResponseNotObject', foundType: 'array' }],
  null: ['null', 'response_envelope', { kind: 'ResponseNotObject', foundType: 'null' }],
  'no version': [good.replace('"_v":1,', ''), 'response_envelope', { kind: 'ResponseVersionMissing', expected: 1 }],
  'a version that is a string': invalidVersion('"1"', {
    kind: 'WrongType',
    found: 'a string',
    expectedType: 'integer',
    foundType: 'string',
  }),
  'a version with a fraction': invalidVersion('1.0', {
    kind: 'WrongType',
    found: 'a number with a fraction (1.0)',
    expectedType: 'integer',
    foundType: 'float',
    meant: '1',
  }),
  'a negative version': invalidVersion('-1', { kind: 'IntegerOutOfRange', found: '-1', foundType: 'integer' }),
  'the version null': invalidVersion('null', {
    kind: 'WrongType',
    found: 'null',
    expectedType: 'integer',
    foundType: 'null',
  }),
  'another version': [
    good.replace('1', '2'),
    'response_envelope',
    { kind: 'ResponseVersionMismatch', expected: 1, actual: 2 },
  ],
  'the greatest version': [
    good.replace('1', '18446744073709551615'),
    'response_envelope',
    { kind: 'ResponseVersionMismatch', expected: 1, actual: 18446744073709551615n },
  ],
  'an unknown field': [good.replace('{', '{"more":1,'), 'response_decode', { kind: 'ResponseDecode' }],
  'a missing list of headers with a bad url': [
    '{"_v":1,"url":5}',
    'response_decode',
    { kind: 'ResponseDecode', path: '$.url', offset: 14 },
  ],
  // Two faults at once: the earlier check wins.
  'no version, checked before the rest': ['{"more":1}', 'response_envelope', { kind: 'ResponseVersionMissing' }],
  'another version, checked before the rest': [
    '{"_v":2,"more":1}',
    'response_envelope',
    { kind: 'ResponseVersionMismatch', expected: 1, actual: 2 },
  ],
};

const cases: Readonly<Record<string, Case>> = {
  'no negotiated version': {
    versions: { shape: 1 },
    stage: 'version_lookup',
    failure: { kind: 'MissingNegotiatedVersion' },
  },
  'no negotiated version, checked before the request': {
    versions: {},
    request: throwing,
    stage: 'version_lookup',
    failure: { kind: 'MissingNegotiatedVersion' },
  },
  'a request that lacks a field': {
    request: { shaped: sign.dryRunRequest().shaped },
    stage: 'request_envelope',
    failure: { kind: 'RequestValue', reason: 'MissingField at $.signer_state, expected a value' },
  },
  'a request with a number for a string': {
    request: { ...signRequest, shaped: { ...sign.dryRunRequest().shaped, url: 5 } },
    stage: 'request_envelope',
    failure: { kind: 'RequestValue', reason: 'WrongType at $.shaped.url, expected a string' },
  },
  'a request with a lone surrogate': {
    request: { ...signRequest, signer_state: { key: ['\ud800'] } },
    stage: 'request_envelope',
    failure: { kind: 'RequestValue', reason: 'LoneSurrogate at $.signer_state[0][0], expected Unicode text' },
  },
  'a request that is checked before the version is written': {
    versions: { sign: 1.5 },
    request: {},
    stage: 'request_envelope',
    failure: { kind: 'RequestValue' },
  },
  'an invalid version': {
    versions: { sign: 1.5 },
    stage: 'serialize_request',
    failure: { kind: 'SerializeRequestEnvelope' },
  },
  'a version beyond 32 bits': {
    versions: { sign: 2 ** 32 },
    stage: 'serialize_request',
    failure: { kind: 'SerializeRequestEnvelope' },
  },
  'a trap': { behaviour: trap, stage: 'plugin_call', failure: { kind: 'PluginCall' } },
  'an error of the plugin': {
    behaviour: { error: 'no such luck' },
    stage: 'plugin_call',
    failure: { kind: 'PluginCall', reason: 'no such luck', call: { kind: 'PluginError', message: 'no such luck' } },
  },
  'a non-zero code': {
    behaviour: { code: '(result i32) (i32.const 7)' },
    stage: 'plugin_call',
    failure: { kind: 'PluginCall', call: { kind: 'NonZeroExit', code: 7 } } as Partial<DispatchFailure>,
  },
  'an export with a parameter': {
    behaviour: { code: '(param i32) (result i32) (i32.const 0)' },
    stage: 'plugin_call',
    failure: { kind: 'PluginCall' },
  },
  'output that is not UTF-8': {
    behaviour: new Uint8Array([0xff]),
    stage: 'plugin_call',
    failure: { kind: 'PluginCall', call: { kind: 'OutputNotUtf8', function: 'sign' } } as Partial<DispatchFailure>,
  },
  'a getter of the request that throws': { request: throwing, stage: 'panic', failure: { kind: 'Panic' } },
  ...Object.fromEntries(
    Object.entries(responseCases).map(([title, [behaviour, stage, failure]]) => [
      `an answer with ${title}`,
      { behaviour, stage, failure },
    ]),
  ),
};

for (const [title, { behaviour = good, versions = { sign: 1 }, request, stage, failure }] of Object.entries(cases)) {
  failing(`for ${title}`, async () => {
    const plugin = await pluginAnswering('sign', behaviour);
    const telemetry = recordedTelemetry();
    const given = (request ?? signRequest) as Request;
    const outcome = dispatchWireCall(sign, plugin, { negotiated_functions: versions }, given, { telemetry });
    assert.is(outcome.kind === 'fallback' && outcome.policy, 'fail_request');
    const error = errorOf(outcome);
    assert.equal({ ...error.failure, ...failure }, error.failure);
    assert.is(error.stage, stage);
    assert.ok(error.message.startsWith('sign: ') && !error.message.includes('undefined'), error.message);
    const labels = { function: 'sign', stage };
    assert.equal(telemetry.counters, [{ name: 'cc_lb_plugin_dispatch_errors_total', value: 1, labels }]);
    const fields = { function: 'sign', error: `${error.failure.kind}: ${error.message}`, policy: 'fail_request' };
    assert.equal(
      telemetry.events.map(({ message: _, ...event }) => event),
      [{ level: 'warn', target: 'cc_lb_plugin.dispatch', fields }],
    );
  });
}

failing('names what the plugin chose in the failure, and not in the message', async () => {
  const counts = struct('Counts', { counts: map(u32), status: stringEnum('Status', ['done']) });
  const own = { ...noteFunction, schemas: { request: note, response: counts } };
  const table: readonly (readonly [answer: string, message: string, reason: RegExp])[] = [
    [
      '{"_v":1,"counts":{"secret":"1"}}',
      'note: the answer has the wrong type (WrongType in a map, byte 27, expected an integer from 0 to 4294967295)',
      /^a value has the wrong type: at \$\.counts\.secret, /,
    ],
    [
      '{"_v":1,"secret":1}',
      'note: the answer has the wrong type (UnknownField at $, byte 17, expected one of counts, status)',
      /^unknown field `secret` in /,
    ],
    [
      '{"_v":1,"counts":{},"status":"secret"}',
      'note: the answer has the wrong type (UnknownVariant at $.status, byte 29, expected one of done)',
      /^unknown name `secret` at /,
    ],
  ];
  for (const [answer, message, reason] of table) {
    const plugin = await pluginAnswering('note', answer);
    const error = errorOf(dispatchWireCall(own, plugin, negotiated('note'), { title: '', count: 1, rest: null }));
    assert.is(error.message, message);
    assert.match('reason' in error.failure ? error.failure.reason : '', reason);
  }
});

failing('for a request that is not an object', async () => {
  const texts: WireFunction<readonly string[], unknown> = {
    ...noteFunction,
    dryRunRequest: () => [],
    schemas: { request: list(string), response: opaque },
  };
  const plugin = await pluginAnswering('note', echo);
  const error = errorOf(dispatchWireCall(texts, plugin, negotiated('note'), ['a']));
  assert.equal([error.failure, error.stage], [{ kind: 'RequestNotObject' }, 'request_envelope']);
});

failing('for a function that the plugin does not export', async () => {
  const plugin = await pluginAnswering('other', good);
  const { failure } = errorOf(dispatchWireCall(sign, plugin, negotiated('sign'), sign.dryRunRequest()));
  assert.equal(failure.kind === 'PluginCall' && failure.call, { kind: 'FunctionNotFound', function: 'sign' });
});

failing('for a plugin that was disposed', async () => {
  const plugin = await pluginAnswering('sign', good);
  plugin.dispose();
  const { failure } = errorOf(dispatchWireCall(sign, plugin, negotiated('sign'), sign.dryRunRequest()));
  assert.equal(failure.kind === 'PluginCall' && failure.call, { kind: 'Disposed' });
});

failing('does not take a name of Object.prototype for a negotiated function', async () => {
  const plugin = await pluginAnswering('constructor', '{"_v":1}');
  const named = { ...observe, name: 'constructor' };
  const { failure } = errorOf(dispatchWireCall(named, plugin, negotiated('observe'), { events: [] }));
  assert.equal(failure, { kind: 'MissingNegotiatedVersion' });
});

failing('keeps what the host threw as the cause of a panic', async () => {
  const plugin = await pluginAnswering('sign', good);
  const error = errorOf(dispatchWireCall(sign, plugin, negotiated('sign'), throwing as unknown as Request));
  assert.is(error.cause instanceof Error && error.cause.message, 'a getter of the host');
});

failing('with the policy of the function, and leaves the plugin usable', async () => {
  const plugin = buildPlugin(await fixture('behaviour/bad-answers.wasm'), { fuel: 1_000_000 });
  const metadata = negotiated(...wire.allWireFunctions);
  const functions = [
    shape,
    normalizeError,
    buildSigner,
    sign,
    onUnauthorized,
    observe,
    filter,
  ] as readonly WireFunction<unknown, unknown>[];
  const outcomes = () =>
    functions.map((fn) => {
      const outcome = dispatchWireCall(fn, plugin, metadata, fn.dryRunRequest());
      return outcome.kind === 'fallback' ? [fn.name, outcome.policy, outcome.error.failure.kind] : [fn.name];
    });
  const expected = [
    ['shape', 'fail_request', 'PluginCall'],
    ['normalize_error', 'pass_through', 'ResponseVersionMismatch'],
    ['build_signer', 'fail_request', 'ResponseVersionMissing'],
    ['sign', 'fail_request', 'PluginCall'],
    ['on_unauthorized', 'pass_through', 'ResponseNotObject'],
    ['observe', 'silent_skip', 'ResponseDecode'],
    ['filter', 'use_default', 'PluginCall'],
  ];
  assert.equal(outcomes(), expected);
  assert.equal(outcomes(), expected);
});

failing('is not counted when it does not fail', async () => {
  const telemetry = recordedTelemetry();
  const plugin = await pluginAnswering('sign', good);
  const outcome = dispatchWireCall(sign, plugin, negotiated('sign'), sign.dryRunRequest(), { telemetry });
  assert.equal(responseOf(outcome), sign.dryRunResponse());
  assert.equal([telemetry.counters, telemetry.events], [[], []]);
});

failing('throws nothing but what the telemetry throws', async () => {
  const plugin = await pluginAnswering('sign', good);
  const full = new Error('the disk is full');
  const telemetry = {
    log: () => {
      throw full;
    },
    counter: () => undefined,
  };
  assert.throws(
    () => dispatchWireCall(sign, plugin, negotiated(), sign.dryRunRequest(), { telemetry }),
    (error: unknown) => error === full,
  );
});

failing("throws for the host's own mistakes, which would fall back on each request", async () => {
  const plugin = await pluginAnswering('sign', good);
  const request = sign.dryRunRequest();
  const mistakes: readonly (readonly [RegExp, ...unknown[]])[] = [
    [/^fn must be a wire function/, undefined, plugin, negotiated(), request],
    [/^fn must be a wire function/, 'sign', plugin, negotiated(), request],
    [/^fn must be a wire function/, plugin, sign, negotiated(), request],
    [/^plugin must be a Plugin/, sign, undefined, negotiated(), request],
    [/^plugin must be a Plugin/, sign, new Uint8Array(), negotiated(), request],
    [/^metadata must be the metadata of an admission/, sign, plugin, undefined, request],
    [/^metadata must be the metadata of an admission/, sign, plugin, { metadata: negotiated() }, request],
    [/^options must be an object/, sign, plugin, negotiated(), request, null],
    [/^options.timeout must be left out/, sign, plugin, negotiated(), request, { timeout: 5 }],
  ];
  for (const [message, ...given] of mistakes) {
    // What a caller without types may give.
    const call = () => Reflect.apply(dispatchWireCall, undefined, given);
    assert.throws(call, (error: unknown) => error instanceof TypeError && message.test(error.message));
  }
});

const using = suite('a dispatch says what the call used');

using('its fuel, and the bytes of request and answer', async () => {
  const plugin = await pluginAnswering('note', echo);
  for (const title of ['', 'ascii', 'ümläut €', '𝄞']) {
    const request = { title, count: 7, rest: 1 };
    const { used } = dispatchWireCall(noteFunction, plugin, negotiated('note'), request);
    const bytes = utf8(`{"_v":1,"count":7,"rest":1,"title":"${title}"}`).length;
    assert.equal(used, { fuel: plugin.fuelConsumed, requestBytes: bytes, responseBytes: bytes });
    assert.ok(plugin.fuelConsumed > 0);
  }
});

using('also if the plugin failed, or its answer cannot be read', async () => {
  const request = sign.dryRunRequest();
  const usedBy = async (behaviour: Behaviour) => {
    const plugin = await pluginAnswering('sign', behaviour);
    const { kind, used } = dispatchWireCall(sign, plugin, negotiated('sign'), request);
    assert.is(kind, 'fallback');
    assert.is(used?.fuel, plugin.fuelConsumed);
    return used;
  };
  const trapped = await usedBy(trap);
  assert.ok(trapped !== undefined && trapped.requestBytes > 100);
  assert.is(trapped.responseBytes, 0);
  assert.is((await usedBy('[1]'))?.responseBytes, 3);
  assert.is((await usedBy(new Uint8Array([0xff])))?.responseBytes, 1);
});

using('and nothing if the plugin was not called', async () => {
  const plugin = await pluginAnswering('sign', good);
  const request = sign.dryRunRequest();
  dispatchWireCall(sign, plugin, negotiated('sign'), request);
  const dispatched = (given: typeof request, metadata = negotiated('sign')) => {
    const outcome = dispatchWireCall(sign, plugin, metadata, given);
    assert.is(outcome.kind, 'fallback');
    return Object.hasOwn(outcome, 'used');
  };
  assert.not(dispatched(request, negotiated()));
  // The cast: what a caller without a type checker can pass.
  assert.not(dispatched({ shaped: 1 } as unknown as typeof request));
  plugin.dispose();
  assert.not(dispatched(request));
});

using('and no fuel of a plugin that is not metered', async () => {
  const unmetered = compilePlugin(await guest({ exports: { sign: good } }), { metering: false });
  const plugin = buildPlugin(unmetered, {});
  const { used } = dispatchWireCall(sign, plugin, negotiated('sign'), sign.dryRunRequest());
  assert.equal(Object.keys(used ?? {}).sort(), ['requestBytes', 'responseBytes']);
});

envelope.run();
failing.run();
using.run();
