import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  allWireFunctions,
  decodeJson,
  encodeJson,
  type PluginKind,
  type WireFunction,
  type WireType,
  wire,
  wireSamples,
  wireTypes,
} from '../../../src/protocol/messages/index.ts';

const suiteOfWire = suite('wire');

const principal = '{"id":"dry-run-principal","kind":"api_key","claims":{}}';
const fields =
  '"request_id":"dry-run-request","headers":[],"method":"POST","path":"/v1/messages","query":null,"body_base64":""';
const shaped = '{"url":"https://api.anthropic.com/v1/messages","method":"POST","headers":[],"body_base64":""}';
const shapeRequest = `{"request":{${fields}},"upstream":{"kind":"anthropic_direct"},"principal":${principal}}`;
const routeResponse = '{"upstream_id":null,"dialect":{"kind":"self"},"upstream":{"kind":"anthropic_direct"}}';

// In the table each row loses its own types: the test reads what all functions have.
type AnyFunction = WireFunction<unknown, unknown>;

const functions: readonly [fn: AnyFunction, name: string, fallback: string, request: string, response: string][] = [
  [wire.v1.shape, 'shape', 'fail_request', shapeRequest, shaped],
  [
    wire.v1.normalizeError,
    'normalize_error',
    'pass_through',
    '{"status":500,"body_base64":""}',
    '{"body_base64":null}',
  ],
  [
    wire.v1.buildSigner,
    'build_signer',
    'fail_request',
    '{"upstream":{"kind":"anthropic_direct"},"factory_state":null}',
    '{"signer_state":null}',
  ],
  [
    wire.v1.sign,
    'sign',
    'fail_request',
    `{"shaped":${shaped},"signer_state":null}`,
    '{"url":null,"method":null,"headers":null,"body_base64":null}',
  ],
  [
    wire.v1.onUnauthorized,
    'on_unauthorized',
    'pass_through',
    '{"error":{"status":401,"body_base64":null,"category":"unauthorized"},"signer_state":null}',
    '{"decision":"fail","signer_state":null}',
  ],
  [wire.v1.observe, 'observe', 'silent_skip', '{"events":[]}', '{}'],
  [wire.v1.route, 'route', 'use_default', `{${fields},"principal":${principal},"candidates":[]}`, routeResponse],
  [wire.v2.shape, 'shape', 'fail_request', shapeRequest, shaped],
  [
    wire.v2.route,
    'route',
    'use_default',
    `{${fields},"principal":${principal},"candidates":[],"cache_breakpoints":[],"canonical_model_id":""}`,
    routeResponse,
  ],
  [
    wire.v3.filter,
    'filter',
    'use_default',
    `{${fields},"principal":${principal},"candidates":[]}`,
    '{"results":[{"upstream_id":"00000000-0000-0000-0000-000000000000","decision":"accept","reason":""}]}',
  ],
];

suiteOfWire('each function has its name, its fallback, and its dry-run samples', () => {
  for (const [fn, name, fallback, request, response] of functions) {
    assert.is(fn.name, name);
    assert.is(fn.fallback, fallback);
    assert.equal(fn.supportedVersions, [1]);
    assert.is(encodeJson(fn.schemas.request, fn.dryRunRequest(), 'declared'), request);
    assert.is(encodeJson(fn.schemas.response, fn.dryRunResponse(), 'declared'), response);
    assert.equal(decodeJson(fn.schemas.request, request), fn.dryRunRequest());
    assert.equal(decodeJson(fn.schemas.response, response), fn.dryRunResponse());
    assert.is.not(fn.dryRunRequest(), fn.dryRunRequest());
  }
});

suiteOfWire('the types that functions share have dry-run samples', () => {
  const texts: Readonly<Record<keyof typeof wireSamples, string>> = {
    HeaderWire: '{"name":"x-cc-lb-dry-run","value_base64":""}',
    Principal: principal,
    RequestWire: `{${fields}}`,
    ShapedRequestWire: shaped,
    UpstreamWire: '{"kind":"anthropic_direct"}',
    DialectBinding: '{"kind":"self"}',
    UpstreamErrorWire: '{"status":401,"body_base64":null,"category":"unauthorized"}',
    ObserveEventWire: '{"kind":"request_started","request_id":"dry-run-request","downstream_user_agent":null}',
    RateLimitObservationWire: '{"kind":"requests","window":"dry-run","limit":null,"remaining":null,"reset":null}',
    SubscriptionQuotaCandidateSnapshotWire:
      '{"window":"5h","source":"missing","data_state":"missing","utilization":null,"status":null,' +
      '"resets_at_unix_secs":null,"surpassed_threshold":null,"representative_claim":null,' +
      '"disabled_reason":null,"observed_at_unix_millis":null,"age_secs":null}',
    CandidateWire:
      '{"upstream_id":"00000000-0000-0000-0000-000000000000","name":"dry-run-upstream",' +
      '"kind":"anthropic_api_key","observed_rate_limits":[],"subscription_quotas":[],' +
      '"observed_at_unix_secs":0}',
  };
  for (const [name, sample] of Object.entries(wireSamples)) {
    const type: WireType | undefined = Object.entries(wireTypes.v1).find(([other]) => other === name)?.[1];
    if (type === undefined) throw new Error(`no type ${name}`);
    assert.is(encodeJson(type, sample(), 'declared'), Object.entries(texts).find(([other]) => other === name)?.[1]);
  }
});

suiteOfWire('v2 is v1 except for its changes', () => {
  for (const name of ['normalizeError', 'buildSigner', 'sign', 'onUnauthorized', 'observe'] as const) {
    assert.is(wire.v2[name], wire.v1[name]);
  }
  assert.is(wireTypes.v2.Principal, wireTypes.v1.Principal);
  assert.is.not(wireTypes.v2.CandidateWire, wireTypes.v1.CandidateWire);
  assert.is(wire.v2.shape.schemas.response, wire.v1.shape.schemas.response);
});

suiteOfWire('the offered functions are those of the versions without route', () => {
  const names = [...Object.values(wire.v1), wire.v3.filter].map((fn) => fn.name).filter((name) => name !== 'route');
  assert.equal(wire.allWireFunctions, names);
  assert.is(wire.allWireFunctions, allWireFunctions);
  assert.equal(allWireFunctions, [
    'shape',
    'normalize_error',
    'build_signer',
    'sign',
    'on_unauthorized',
    'observe',
    'filter',
  ]);
});

suiteOfWire('each kind of plugin has required and allowed functions', () => {
  const table: readonly [kind: PluginKind, required: readonly string[], allowed: readonly string[]][] = [
    ['dialect', ['shape'], ['shape', 'normalize_error']],
    ['signer_factory', ['build_signer', 'sign'], ['build_signer', 'sign', 'on_unauthorized']],
    ['observability', ['observe'], ['observe']],
  ];
  for (const [kind, required, allowed] of table) {
    assert.equal(wire.requiredFunctionsForKind(kind), required);
    assert.equal(wire.allowedFunctionsForKind(kind), allowed);
  }
});

suiteOfWire('the limits are those of the protocol', () => {
  assert.equal(wire.limits, {
    CUSTOM_SECTION_MAX_SIZE: 65536,
    CUSTOM_SECTION_FIELD_COUNT: 4,
    HANDSHAKE_WALL_MS: 200,
    HANDSHAKE_FUEL: 10000000,
    HANDSHAKE_OUTPUT_MAX_BYTES: 32768,
    SELF_CHECK_WALL_MS: 200,
    SELF_CHECK_FUEL: 10000000,
    SELF_CHECK_OUTPUT_MAX_BYTES: 8192,
    FUNCTION_VERSIONS_KEYS_MAX: 32,
    FUNCTION_VERSIONS_PER_FN_MAX: 16,
    CAPABILITIES_MAX_COUNT: 32,
    CAPABILITY_NAME_MAX_BYTES: 64,
    IMPLEMENTED_FUNCTIONS_MAX: 16,
    PLUGIN_NAME_MAX_BYTES: 64,
    PLUGIN_VERSION_MAX_BYTES: 32,
    VERSION_MIN: 1,
    VERSION_MAX: 65535,
    AUGMENTED_METADATA_MAX_BYTES: 262144,
    REGISTRY_ROW_COUNT_SOFT_WARN: 1000,
    REGISTRY_ROW_COUNT_HARD_REJECT: 10000,
    STARTUP_HANDSHAKE_TOTAL_BUDGET_MS: 60000,
    STARTUP_HANDSHAKE_PARALLEL_MAX: 8,
    SKIP_HANDSHAKE_IF_FRESH_TTL_SECS: 604800,
    PLUGIN_NAME_PATTERN: '^[a-z][a-z0-9_-]*$',
    CAPABILITY_PATTERN: '^[a-z][a-z0-9_]*(?::[a-z][a-z0-9_]*)*$',
    RANDOM_BYTES_MAX: 65536,
  });
});

suiteOfWire.run();
