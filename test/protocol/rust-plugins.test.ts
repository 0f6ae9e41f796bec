import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildPlugin, type Plugin, type PluginOptions } from '../../src/plugin/index.ts';
import { dispatchWireCall } from '../../src/protocol/dispatch.ts';
import { HostState, hostFunctions } from '../../src/protocol/host-functions.ts';
import { type ObserveEventWire, OpaqueJson, type WireFunction, wire } from '../../src/protocol/messages/index.ts';
import { errorOf, negotiated, responseOf } from '../support/dispatching.ts';
import { fixture } from '../support/fixture.ts';
import { recordedTelemetry } from '../support/recorded-telemetry.ts';

const { buildSigner, normalizeError, observe, onUnauthorized, shape, sign } = wire.v1;
const { filter } = wire.v3;

const pluginOf = async (name: string, options: PluginOptions = {}): Promise<Plugin> =>
  buildPlugin(await fixture(`rust/${name}/${name}.wasm`), options);

const dispatch = suite('dispatching to plugins in Rust');

const candidate = (id: string) => ({
  upstream_id: id,
  name: `upstream ${id}`,
  kind: 'anthropic_api_key',
  observed_rate_limits: [{ kind: 'requests', window: '1m', limit: 50, remaining: null, reset: null }],
  subscription_quotas: [],
  observed_at_unix_secs: 18446744073709551615n,
});

dispatch('the router accepts candidates in turn, per instance', async () => {
  const request = { ...filter.dryRunRequest(), candidates: ['a', 'b', 'c'].map(candidate) };
  const decisions = (plugin: Plugin) =>
    responseOf(dispatchWireCall(filter, plugin, negotiated('filter'), request)).results;
  const accepted = (plugin: Plugin) =>
    decisions(plugin)
      .filter(({ decision }) => decision === 'accept')
      .map(({ upstream_id: id }) => id)
      .join();

  const plugin = await pluginOf('router');
  assert.equal(decisions(plugin), [
    { upstream_id: 'a', decision: 'accept', reason: 'its turn' },
    { upstream_id: 'b', decision: 'reject', reason: 'the turn of upstream a' },
    { upstream_id: 'c', decision: 'reject', reason: 'the turn of upstream a' },
  ]);
  assert.equal(
    [1, 2, 3, 4].map(() => accepted(plugin)),
    ['b', 'c', 'a', 'b'],
  );
  // Neither an empty list nor a failed call counts as a turn.
  dispatchWireCall(filter, plugin, negotiated('filter'), { ...request, candidates: [] });
  const { failure } = errorOf(dispatchWireCall(filter, plugin, { negotiated_functions: { filter: 2 } }, request));
  assert.is(failure.kind === 'PluginCall' && failure.reason, '_v must be one of [1]');
  assert.is(accepted(plugin), 'c');
  // The turn is in the instance's own memory, so another instance starts again.
  assert.is(accepted(await pluginOf('router')), 'a');
});

dispatch('the dialect shapes a request', async () => {
  const headers = [
    { name: 'Connection', value_base64: btoa('close') },
    { name: 'x-kept', value_base64: btoa('yes') },
  ];
  const { request, ...rest } = shape.dryRunRequest();
  const given = { ...request, method: 'PUT', path: '/v1/x', headers, query: 'beta=true', body_base64: 'e30=' };
  const plugin = await pluginOf('dialect');
  assert.equal(responseOf(dispatchWireCall(shape, plugin, negotiated('shape'), { ...rest, request: given })), {
    url: 'https://api.anthropic.com/v1/x?beta=true',
    method: 'PUT',
    headers: [headers[1], { name: 'anthropic-version', value_base64: btoa('2023-06-01') }],
    body_base64: 'e30=',
  });
});

dispatch('the dialect wraps an error body that is not JSON', async () => {
  const plugin = await pluginOf('dialect');
  const normalize = (body_base64: string) =>
    dispatchWireCall(normalizeError, plugin, negotiated('normalize_error'), { status: 429, body_base64 });
  const wrapped = responseOf(normalize(btoa('slow down'))).body_base64;
  assert.equal(JSON.parse(atob(wrapped ?? '')), {
    type: 'error',
    error: { type: 'rate_limit_error', message: 'slow down' },
  });
  assert.is(responseOf(normalize(btoa('{"error":1}'))).body_base64, null);
  assert.is(responseOf(normalize('')).body_base64, null);
  const { failure } = errorOf(normalize('%'));
  assert.equal(failure.kind === 'PluginCall' && failure.call, {
    kind: 'PluginError',
    message: 'body_base64: Invalid symbol 37, offset 0.',
  });
});

const chunk = { kind: 'chunk', batch_index: 0, event_count: 3, total_bytes: 4294967295 } as const;
const finished = {
  kind: 'request_finished',
  status: 200,
  input_tokens: 18446744073709551615n,
  output_tokens: null,
  cache_creation_input_tokens: null,
  cache_read_input_tokens: null,
  duration_ms: 12,
} as const;
const events: readonly ObserveEventWire[] = [
  { kind: 'request_started', request_id: 'r', downstream_user_agent: null },
  chunk,
  chunk,
  finished,
  { kind: 'error', code: 'overloaded', message: 'secret', source: 'upstream' },
];

dispatch('the observer counts events and logs through the kernel', async () => {
  const telemetry = recordedTelemetry();
  const plugin = await pluginOf('observer', { telemetry, name: 'rust-observer' });
  assert.equal(responseOf(dispatchWireCall(observe, plugin, negotiated('observe'), { events: [...events] })), {});
  dispatchWireCall(observe, plugin, negotiated('observe'), { events: [chunk] });
  const counted = {
    authn_complete: 0,
    chunk: 3,
    error: 1,
    request_finished: 1,
    request_started: 1,
    upstream_chosen: 0,
  };
  assert.is(plugin.callText('counts'), JSON.stringify(counted));

  const said = { target: 'cc_lb_plugin.log', fields: { plugin: 'rust-observer' } };
  // Debug messages are below the level that is logged by default.
  assert.equal(telemetry.events, [
    { level: 'info', message: 'status 200 after 12 ms', ...said },
    { level: 'error', message: 'overloaded of upstream', ...said },
  ]);
});

dispatch('a plugin that ran out of fuel remains usable', async () => {
  const plugin = await pluginOf('observer', { fuel: 500_000 });
  const observed = (count: number) =>
    dispatchWireCall(observe, plugin, negotiated('observe'), { events: Array(count).fill(chunk) });
  const { failure } = errorOf(observed(1_000));
  assert.is(failure.kind === 'PluginCall' && failure.call.kind, 'OutOfFuel');
  responseOf(observed(2));
  assert.is(JSON.parse(plugin.callText('counts')).chunk, 2);
});

dispatch('a plugin, whose sizes have 32 bits, refuses a larger chunk', async () => {
  const plugin = await pluginOf('observer');
  const request = { events: [{ ...chunk, total_bytes: 4294967296 }] };
  const { failure } = errorOf(dispatchWireCall(observe, plugin, negotiated('observe'), request));
  assert.is(failure.kind === 'PluginCall' && failure.call.kind, 'PluginError');
  assert.match(failure.kind === 'PluginCall' ? failure.reason : '', /4294967296/);
});

dispatch('the host functions count, store, and log for a plugin', async () => {
  const telemetry = recordedTelemetry();
  const state = new HostState();
  const times = [1_000, 1_250];
  const functions = hostFunctions({
    pluginName: 'rust-metrics',
    storageQuotaBytes: 1_000,
    state,
    clock: () => times.shift() ?? 0,
    telemetry,
    fillRandom: (bytes) => bytes.fill(0xab),
  });
  const plugin = await pluginOf('metrics', { functions });
  const observed = (given: readonly ObserveEventWire[]) =>
    responseOf(dispatchWireCall(observe, plugin, negotiated('observe'), { events: [...given] }));

  observed([finished]);
  observed(events);
  assert.equal(
    telemetry.events.map(({ level, message, fields }) => [level, message, fields]),
    [
      ['warn', 'status 200, and no start was seen', { plugin: 'rust-metrics' }],
      ['info', 'abababab: status 200 after 250 ms', { plugin: 'rust-metrics' }],
    ],
  );
  const labels = { plugin: 'rust-metrics' };
  const raised = [
    { name: 'events', value: 3n, labels },
    { name: 'bytes', value: 4294967295n, labels },
  ];
  assert.equal(telemetry.counters, [...raised, ...raised]);
  // 1000 as 8 bytes, then the random ones.
  assert.equal([...(state.get('rust-metrics', 'started') ?? [])], [0xe8, 3, 0, 0, 0, 0, 0, 0, 0xab, 0xab, 0xab, 0xab]);
});

const upstream = { kind: 'anthropic_direct' } as const;
const { shaped } = sign.dryRunRequest();

/** Dispatches to a signer. */
const signing = (plugin: Plugin) => {
  const metadata = negotiated('build_signer', 'sign', 'on_unauthorized');
  const call = <Req, Res>(fn: WireFunction<Req, Res>, request: Req) => dispatchWireCall(fn, plugin, metadata, request);
  const refused = { status: 401, body_base64: null, category: 'unauthorized' } as const;
  return {
    build: (state: OpaqueJson) => call(buildSigner, { upstream, factory_state: state }),
    sign: (state: OpaqueJson) => call(sign, { shaped, signer_state: state }),
    refuse: (state: OpaqueJson) => call(onUnauthorized, { error: refused, signer_state: state }),
  };
};

const factoryState = OpaqueJson.parse('{"key":"k","serial":18446744073709551615}');
const headersOf = (outcome: ReturnType<ReturnType<typeof signing>['sign']>) =>
  responseOf(outcome).headers?.map(({ name, value_base64: value }) => `${name}: ${atob(value)}`);

dispatch('the signer reads the configuration, and keeps a variable from call to call', async () => {
  const signer = signing(await pluginOf('signer', { config: { header: 'authorization' } }));
  const state = responseOf(signer.build(factoryState)).signer_state;
  assert.is(state.text, '{"key":"k","refused":0,"serial":18446744073709551615}');
  assert.equal(headersOf(signer.sign(state)), ['authorization: k', 'x-signature-number: 1']);
  errorOf(signer.build(OpaqueJson.from({})));
  assert.equal(headersOf(signer.sign(state)), ['authorization: k', 'x-signature-number: 2'], 'after a failed call');

  const other = signing(await pluginOf('signer'));
  assert.equal(headersOf(other.sign(state)), ['x-api-key: k', 'x-signature-number: 1'], 'in another instance');
});

dispatch('the signer removes its variable when it fails', async () => {
  const signer = signing(await pluginOf('signer'));
  assert.equal(headersOf(signer.sign(factoryState))?.[1], 'x-signature-number: 1');
  const once = responseOf(signer.refuse(factoryState));
  assert.is(once.decision, 'retry');
  assert.equal(headersOf(signer.sign(factoryState))?.[1], 'x-signature-number: 2');
  const twice = responseOf(signer.refuse(once.signer_state));
  assert.is(twice.decision, 'fail');
  assert.is(twice.signer_state.text, '{"key":"k","refused":2,"serial":18446744073709551615}');
  assert.equal(headersOf(signer.sign(factoryState))?.[1], 'x-signature-number: 1');
});

dispatch('a variable that would exceed the quota ends the call', async () => {
  const signer = signing(await pluginOf('signer', { maxVarBytes: 24 + 24 + 'signatures'.length + 7 }));
  const { failure } = errorOf(signer.sign(factoryState));
  assert.is(failure.kind === 'PluginCall' && failure.call.kind, 'KernelFunction');
});

dispatch('the signer logs at each level from the configured one up', async () => {
  const levels = async (options: PluginOptions) => {
    const telemetry = recordedTelemetry();
    const signer = signing(await pluginOf('signer', { telemetry, ...options }));
    signer.build(factoryState);
    signer.sign(factoryState);
    signer.refuse(factoryState);
    return telemetry.events.map(({ level, message }) => `${level} ${message}`);
  };
  const warning = 'warn refused with status 401, time 1';
  assert.equal(await levels({ logLevel: 'trace' }), [
    'debug signer built',
    'trace signature 1 goes into x-api-key',
    'info request signed',
    warning,
  ]);
  assert.equal(await levels({}), ['info request signed', warning]);
  assert.equal(await levels({ logLevel: 'warn' }), [warning]);
  assert.equal(await levels({ logLevel: 'off' }), []);
});

dispatch('an error of the plugin is reported with its text', async () => {
  const signer = signing(await pluginOf('signer'));
  const error = errorOf(signer.build(OpaqueJson.from({ key: 1 })));
  assert.is(error.failure.kind === 'PluginCall' && error.failure.call.kind, 'PluginError');
  assert.is(error.failure.kind === 'PluginCall' && error.failure.reason, 'factory_state.key must be a string');
});

dispatch('a panic is a trap, and the plugin remains usable', async () => {
  const signer = signing(await pluginOf('signer'));
  // A text has no property to set.
  const { failure } = errorOf(signer.refuse(OpaqueJson.from('text')));
  assert.is(failure.kind === 'PluginCall' && failure.call.kind, 'Trap');
  assert.is(responseOf(signer.refuse(factoryState)).decision, 'retry');
});

dispatch.run();
