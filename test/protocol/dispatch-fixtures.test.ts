import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildPlugin, type Plugin } from '../../src/plugin/index.ts';
import { dispatchWireCall } from '../../src/protocol/dispatch.ts';
import { type WireFunction, wire } from '../../src/protocol/messages/index.ts';
import { negotiated, responseOf } from '../support/dispatching.ts';
import { fixture } from '../support/fixture.ts';

const { sign, observe, shape, normalizeError, buildSigner, onUnauthorized } = wire.v1;
const { filter } = wire.v3;

const plugins = suite('dispatching to the fixtures');

const pluginOf = async (name: string): Promise<Plugin> => buildPlugin(await fixture(`${name}/${name}.wasm`));

plugins('the router accepts candidates in turn', async () => {
  const plugin = await pluginOf('router');
  const candidate = (id: string) => ({
    upstream_id: id,
    name: `upstream ${id}`,
    kind: 'anthropic_api_key',
    observed_rate_limits: [],
    subscription_quotas: [],
    observed_at_unix_secs: 18446744073709551615n,
  });
  const request = { ...filter.dryRunRequest(), candidates: [candidate('a'), candidate('b')] };
  const decisions = () =>
    responseOf(dispatchWireCall(filter, plugin, negotiated('filter'), request)).results.map(
      ({ upstream_id: id, decision }) => `${id} ${decision}`,
    );
  assert.equal(decisions(), ['a accept', 'b reject']);
  assert.equal(decisions(), ['a reject', 'b accept']);
});

plugins('the dialect shapes a request', async () => {
  const plugin = await pluginOf('dialect');
  const headers = [
    { name: 'Connection', value_base64: btoa('close') },
    { name: 'x-kept', value_base64: btoa('yes') },
  ];
  const { request, ...rest } = shape.dryRunRequest();
  const outcome = dispatchWireCall(shape, plugin, negotiated('shape'), {
    ...rest,
    request: { ...request, headers, query: 'beta=true', body_base64: 'e30=' },
  });
  assert.equal(responseOf(outcome), {
    url: 'https://api.anthropic.com/v1/messages?beta=true',
    method: 'POST',
    headers: [headers[1], { name: 'anthropic-version', value_base64: btoa('2023-06-01') }],
    body_base64: 'e30=',
  });
});

plugins('the dialect normalizes an error', async () => {
  const plugin = await pluginOf('dialect');
  const normalize = (body: string) =>
    responseOf(
      dispatchWireCall(normalizeError, plugin, negotiated('normalize_error'), { status: 429, body_base64: btoa(body) }),
    ).body_base64;
  assert.is(normalize('{"error":"JSON"}'), null);
  assert.equal(JSON.parse(atob(normalize('slow down') ?? '')).error, {
    type: 'rate_limit_error',
    message: 'slow down',
  });
});

plugins('the signer gets its state back unchanged', async () => {
  const plugin = await pluginOf('signer');
  const metadata = negotiated('build_signer', 'sign', 'on_unauthorized');
  const built = dispatchWireCall(buildSigner, plugin, metadata, {
    upstream: { kind: 'anthropic_direct' },
    factory_state: { key: 'k', serial: 18446744073709551615n },
  });
  const state = responseOf(built).signer_state;
  assert.is(state.text, '{"attempts":0,"key":"k","serial":18446744073709551615}');

  const { shaped } = sign.dryRunRequest();
  const signed = responseOf(dispatchWireCall(sign, plugin, metadata, { shaped, signer_state: state }));
  assert.equal(
    signed.headers?.map(({ name }) => name),
    ['x-api-key', 'x-body-fnv1a64'],
  );
  assert.is(signed.url, null);

  const error = { status: 401, body_base64: null, category: 'unauthorized' } as const;
  const once = responseOf(dispatchWireCall(onUnauthorized, plugin, metadata, { error, signer_state: state }));
  assert.is(once.decision, 'retry');
  const twice = dispatchWireCall(onUnauthorized, plugin, metadata, { error, signer_state: once.signer_state });
  assert.is(responseOf(twice).decision, 'fail');
});

plugins('the observer takes events', async () => {
  const plugin = await pluginOf('observer');
  const { events } = observe.dryRunRequest();
  const request = {
    events: [...events, { kind: 'request_started', request_id: 'r', downstream_user_agent: null } as const],
  };
  assert.equal(responseOf(dispatchWireCall(observe, plugin, negotiated('observe'), request)), {});
});

plugins('every dry-run sample passes', async () => {
  const samples = {
    router: [filter],
    dialect: [shape, normalizeError],
    signer: [buildSigner, sign],
    observer: [observe],
  };
  for (const [name, functions] of Object.entries(samples)) {
    const plugin = await pluginOf(name);
    for (const fn of functions as readonly WireFunction<unknown, unknown>[]) {
      const outcome = dispatchWireCall(fn, plugin, negotiated(fn.name), fn.dryRunRequest());
      assert.is(outcome.kind, 'ok', `${name} ${fn.name}`);
    }
  }
});

plugins.run();
