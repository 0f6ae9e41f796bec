import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hostFunction } from '../../src/kernel/index.ts';
import { buildPlugin } from '../../src/plugin/index.ts';
import { DispatchError, dispatchWireCall } from '../../src/protocol/dispatch.ts';
import { type WireInput, wire } from '../../src/protocol/messages/index.ts';
import { errorOf, negotiated, pluginAnswering } from '../support/dispatching.ts';
import { type Behaviour, echo, echoAsError, guest } from '../support/guest-wat.ts';
import { recordedTelemetry } from '../support/recorded-telemetry.ts';

const { sign } = wire.v1;
type Request = WireInput<ReturnType<typeof sign.dryRunRequest>>;
const good = '{"_v":1,"url":null,"method":null,"headers":null,"body_base64":null}';

const secrets = suite('a failed dispatch');

const SECRET = 'sk-ant-Secret_4711';

/** A request that has the secret everywhere: in strings, and in keys that only the host knows. */
const secretRequest = {
  shaped: {
    url: `https://${SECRET}.example/`,
    method: SECRET,
    headers: [{ name: SECRET, value_base64: btoa(SECRET) }],
    body_base64: btoa(SECRET),
  },
  signer_state: { [SECRET]: SECRET },
};

const reveal = hostFunction('reveal', [], [], () => {
  throw new Error(`no access to ${SECRET}`);
});
const httpRequest = '(import "extism:host/env" "http_request" (func $http (param i64 i64) (result i64)))';
const revealing = '(import "extism:host/user" "reveal" (func $reveal))';

const tellTales: Readonly<Record<string, readonly [Behaviour, unknown?, string?]>> = {
  'the plugin sets the request as its error': [echoAsError],
  'the plugin traps after that': [{ code: '(result i32) (call $error_set (call $input_offset)) unreachable' }],
  'the plugin answers the request': [echo],
  'the plugin answers the secret as a key': [`{"_v":1,"${SECRET}":1}`],
  'the plugin answers the secret as a version': [`{"_v":"${SECRET}"}`],
  'the plugin answers the secret alone': [SECRET],
  'the plugin answers the secret as a url of another type': [`{"_v":1,"url":["${SECRET}"]}`],
  'a host function throws': [{ code: '(result i32) (call $reveal) (i32.const 0)' }, undefined, revealing],
  'the kernel refuses an HTTP request that the plugin made of it': [
    { code: '(result i32) (drop (call $http (call $input_offset) (i64.const 0))) (i32.const 0)' },
    undefined,
    httpRequest,
  ],
  'the request has a key of another type': [good, { ...secretRequest, signer_state: { [SECRET]: undefined } }],
  'the request has a header of another type': [
    good,
    { ...secretRequest, shaped: { ...secretRequest.shaped, headers: [SECRET] } },
  ],
  'the request has another key': [good, { ...secretRequest, [SECRET]: 1 }],
  'the request has a body that cannot be written': [
    good,
    { ...secretRequest, shaped: { ...secretRequest.shaped, body_base64: `${SECRET}\ud800` } },
  ],
};

for (const [title, [behaviour, request = secretRequest, fields = '']] of Object.entries(tellTales)) {
  secrets(`contains nothing of the request when ${title}`, async () => {
    const wasm = await guest({ exports: { sign: behaviour }, fields });
    const plugin = buildPlugin(wasm, { functions: [reveal] });
    const telemetry = recordedTelemetry();
    const outcome = dispatchWireCall(sign, plugin, negotiated('sign'), request as Request, { telemetry });
    const error = errorOf(outcome);
    assert.is(telemetry.events.length, 1);
    const told = [error.message, JSON.stringify(telemetry)].join('\n');
    assert.not.ok(told.includes(SECRET) || told.includes(btoa(SECRET)), told);
    if (error.stage === 'request_envelope') {
      const held = `${JSON.stringify(error.failure)} ${String(error.cause)}`;
      assert.not.ok(held.includes(SECRET), held);
    }
  });
}

secrets("contains the plugin's text only in the error object", async () => {
  const plugin = await pluginAnswering('sign', { error: 'no such luck' });
  const telemetry = recordedTelemetry();
  const error = errorOf(dispatchWireCall(sign, plugin, negotiated('sign'), sign.dryRunRequest(), { telemetry }));
  assert.is(error.cause instanceof Error && error.cause.message, 'no such luck');
  assert.not.ok(`${error.message} ${JSON.stringify(telemetry)}`.includes('no such luck'));
});

secrets('has a message for every kind of failed call', () => {
  const calls = [
    { kind: 'Disposed' },
    { kind: 'Reentrant' },
    { kind: 'InvalidArgument', argument: 'input', expected: 'a string' },
    { kind: 'Instantiate', reason: SECRET },
    { kind: 'FunctionNotFound', function: 'sign' },
    { kind: 'HasParameters', function: 'sign', params: 1 },
    { kind: 'TooManyResults', function: 'sign', results: 2 },
    { kind: 'OutOfFuel' },
    { kind: 'Timeout' },
    { kind: 'OutOfMemory' },
    { kind: 'StackOverflow' },
    { kind: 'HostFunction', function: 'reveal', reason: SECRET },
    { kind: 'KernelFunction', function: 'http_request', reason: SECRET },
    { kind: 'Trap', reason: 'unreachable' },
    { kind: 'PluginError', message: SECRET },
    { kind: 'ErrorMessageUnreadable' },
    { kind: 'NonZeroExit', code: 7 },
    { kind: 'OutputNotUtf8', function: 'sign' },
  ] as const;
  const messages = calls.map(
    (call) => new DispatchError({ kind: 'PluginCall', reason: SECRET, call }, { subject: 'sign' }).message,
  );
  assert.is(new Set(messages).size, calls.length);
  for (const message of messages) assert.not.ok(message.includes(SECRET) || message.includes('undefined'), message);
});

secrets.run();
