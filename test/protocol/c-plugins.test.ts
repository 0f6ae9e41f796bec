import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildPlugin, type Plugin, type PluginOptions } from '../../src/plugin/index.ts';
import { admit } from '../../src/protocol/admit.ts';
import { dispatchWireCall } from '../../src/protocol/dispatch.ts';
import { encodeJson, type ObserveEventWire, wire } from '../../src/protocol/messages/index.ts';
import { errorOf, negotiated, responseOf } from '../support/dispatching.ts';
import { fixture } from '../support/fixture.ts';
import { unhurried } from '../support/layers.ts';
import { recordedTelemetry } from '../support/recorded-telemetry.ts';

const { observe } = wire.v1;

const plugins = suite('plugins in C');

const observer = async (options: PluginOptions = {}): Promise<Plugin> =>
  buildPlugin(await fixture('c/observer/observer.wasm'), options);

const dispatch = (plugin: Plugin, events: readonly ObserveEventWire[]) =>
  dispatchWireCall(observe, plugin, negotiated('observe'), { events: [...events] });

/** What the plugin has stored: the number of requests, and their bytes. */
function totals(plugin: Plugin): readonly bigint[] {
  const bytes = plugin.call('totals');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  assert.is(view.byteLength, 16);
  return [view.getBigUint64(0, true), view.getBigUint64(8, true)];
}

/** An event whose request is longer by one byte for each step of `length`. */
const started = (length: number): ObserveEventWire => ({
  kind: 'request_started',
  request_id: 'x'.repeat(length),
  downstream_user_agent: null,
});

plugins('the observer passes every layer', async () => {
  const report = admit(await fixture('c/observer/observer.wasm'), { ...unhurried, clock: () => 1_700_000_000_000 });
  assert.equal(
    report.layers.map(({ status, error }) => error?.message ?? status),
    ['passed', 'passed', 'passed', 'passed'],
  );
  assert.is(report.identity?.plugin_name, 'c-observer');
  assert.equal(report.slots, ['observability_hook']);
  assert.is(report.selfCheck?.completed_at, 1_700_000_000);
});

plugins('the observer refuses an offer without its version', async () => {
  const offer = {
    handshake_schema_version: 1,
    envelope_version: 1,
    function_versions: { observe: [2] },
    host_capabilities: [],
  };
  const [, handshake] = admit(await fixture('c/observer/observer.wasm'), { ...unhurried, offer }).layers;
  assert.match(handshake?.error?.message ?? '', /no common version of observe: this plugin speaks 1$/);
});

plugins('a request of any length is read eight bytes at a time', async () => {
  const plugin = await observer();
  // Nine consecutive lengths: each remainder of a division by eight, and one more.
  for (let length = 0; length < 9; length++) {
    const events = [started(length)];
    assert.equal(responseOf(dispatch(plugin, events)), {});
    const sent = encodeJson(observe.schemas.request, { events }, 'sorted');
    assert.is(plugin.callText('last'), `{"_v":1,${sent.slice(1)}`);
  }
});

plugins('the observer keeps its totals in a variable', async () => {
  const plugin = await observer();
  assert.equal(totals(plugin), [0n, 0n]);
  dispatch(plugin, []);
  const [, empty = 0n] = totals(plugin);
  assert.is(empty, BigInt('{"_v":1,"events":[]}'.length));
  dispatch(plugin, []);
  assert.equal(totals(plugin), [2n, 2n * empty]);
  assert.equal(totals(await observer()), [0n, 0n], 'in another instance');
});

plugins('a request that is too large is an error and a warning, and is not counted', async () => {
  const telemetry = recordedTelemetry();
  const plugin = await observer({ telemetry });
  dispatch(plugin, []);
  const before = totals(plugin);
  const { failure } = errorOf(dispatch(plugin, [started(20_000)]));
  assert.equal(failure.kind === 'PluginCall' && failure.call, {
    kind: 'PluginError',
    message: 'a request may have 16384 bytes',
  });
  assert.equal(
    telemetry.events.map(({ level, message }) => [level, message]),
    [['warn', 'a request that is too large was left out']],
  );
  assert.equal(totals(plugin), before);

  // This plugin logs without asking for the level, as extism-pdk does, so the kernel drops the
  // message.
  const quiet = recordedTelemetry();
  dispatch(await observer({ telemetry: quiet, logLevel: 'error' }), [started(20_000)]);
  assert.equal(quiet.events, []);
});

plugins.run();
