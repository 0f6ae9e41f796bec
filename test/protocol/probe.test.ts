// Which wire version a plugin takes: the handshake negotiates 1 with all of these.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildPlugin, compilePlugin, type Plugin } from '../../src/plugin/index.ts';
import { admit, probeWireVersion } from '../../src/protocol/admit.ts';
import { dispatchWireCall } from '../../src/protocol/dispatch.ts';
import { encodeEnvelope, encodeJson, type WireFunction, wire } from '../../src/protocol/messages/index.ts';
import { errorOf, negotiated, responseOf } from '../support/dispatching.ts';
import { thrownBy } from '../support/failure.ts';
import { fixture } from '../support/fixture.ts';
import { echo, guest, trap } from '../support/guest-wat.ts';
import { unhurried } from '../support/layers.ts';
import { recordedTelemetry } from '../support/recorded-telemetry.ts';
import { scriptedGuest } from '../support/scripted-guest.ts';

const probe = suite('the probe of the wire version');

const baseUrl = 'https://upstream.example/base';

for (const [path, version] of [
  ['dialect/dialect.wasm', 'v2'],
  ['rust/dialect/dialect.wasm', 'v1'],
] as const) {
  probe(`says ${version} for ${path}, which then answers`, async () => {
    const compiled = compilePlugin(await fixture(path));
    const { metadata } = admit(compiled, unhurried);
    assert.is(metadata?.negotiated_functions.shape, 1);
    if (metadata === undefined) return;
    const telemetry = recordedTelemetry();
    using plugin = buildPlugin(compiled, { telemetry });
    assert.is(probeWireVersion('shape', plugin, metadata), version);
    assert.equal(telemetry.counters, []);
    assert.equal(telemetry.events, []);

    const { shape } = wire.v2;
    const withBase = { ...shape.dryRunRequest(), upstream_base_url: baseUrl };
    const url = version === 'v2' ? baseUrl : null;
    const outcome = dispatchWireCall(shape, plugin, metadata, { ...withBase, upstream_base_url: url });
    assert.is(responseOf(outcome).url, `${url ?? 'https://api.anthropic.com'}/v1/messages`);
    if (version === 'v1') {
      const { failure } = errorOf(dispatchWireCall(shape, plugin, metadata, withBase));
      assert.is(failure.kind === 'PluginCall' && failure.call.kind, 'PluginError');
    }
  });
}

/** A plugin that answers the samples of some versions of `route`, and refuses everything else. */
async function router(...versions: readonly (typeof wire.v1.route | typeof wire.v2.route)[]): Promise<Plugin> {
  const envelopes = versions.map((route) => {
    // The cast: both versions answer alike, and each sample is written by its own version.
    const { schemas, dryRunRequest } = route as WireFunction<object, object>;
    return encodeEnvelope(schemas.request, dryRunRequest(), 1);
  });
  const { schemas, dryRunResponse } = wire.v1.route;
  const answer = encodeJson(schemas.response, dryRunResponse(), 'declared').replace('{', '{"_v":1,');
  const answers = new Map(envelopes.map((input) => [input, answer]));
  const exports = { route: { answers, otherwise: { error: 'unknown field' } } };
  return buildPlugin(await scriptedGuest({ identities: [], exports }));
}

probe('tells the versions of route apart', async () => {
  using older = await router(wire.v1.route);
  using newer = await router(wire.v1.route, wire.v2.route);
  const metadata = negotiated('route');
  assert.is(probeWireVersion('route', older, metadata), 'v1');
  assert.is(probeWireVersion('route', newer, metadata), 'v2');
});

for (const [what, behaviour] of Object.entries({
  traps: trap,
  'answers with what it got': echo,
  'answers another version': '{"_v":2,"url":"","method":"","headers":[],"body_base64":""}',
  'never returns': { code: '(result i32) (loop $again (br $again)) (i32.const 0)' },
})) {
  probe(`says v1 for a plugin that ${what}`, async () => {
    using plugin = buildPlugin(await guest({ exports: { shape: behaviour } }), { fuel: 10_000 });
    assert.is(probeWireVersion('shape', plugin, negotiated('shape')), 'v1');
  });
}

probe('says v1 for a function that the plugin does not have', async () => {
  using plugin = buildPlugin(await guest({}));
  assert.is(probeWireVersion('shape', plugin, negotiated('shape')), 'v1');
  assert.is(probeWireVersion('shape', plugin, negotiated()), 'v1');
});

probe('refuses functions that have one version', async () => {
  using plugin = buildPlugin(await guest({}));
  for (const name of ['filter', 'toString', undefined]) {
    // The cast: a caller without types can pass anything.
    const thrown = thrownBy(() => probeWireVersion(name as 'shape', plugin, negotiated()));
    assert.is(String(thrown), 'TypeError: name must be one of shape, route');
  }
});

probe.run();
