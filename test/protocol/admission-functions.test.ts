// Host functions during admission: handshake and self-check have them only if the host asks.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { verifyObservability } from '../../src/conformance/index.ts';
import { buildPlugin, compilePlugin } from '../../src/plugin/index.ts';
import { type AdmissionReport, type AdmitOptions, admit, admitAsync } from '../../src/protocol/admit.ts';
import { dispatchWireCall } from '../../src/protocol/dispatch.ts';
import { buildOffer, executeHandshake } from '../../src/protocol/handshake.ts';
import { HostState, hostFunctions, type PluginStorage } from '../../src/protocol/host-functions.ts';
import { wire } from '../../src/protocol/messages/index.ts';
import { executeSelfCheck } from '../../src/protocol/self-check.ts';
import { thrownBy } from '../support/failure.ts';
import { fixture } from '../support/fixture.ts';
import { guest, identityPayload } from '../support/guest-wat.ts';
import { unhurried } from '../support/layers.ts';
import { acceptOf, selfCheckSuccess } from '../support/recorded-plugin.ts';
import { recordedTelemetry } from '../support/recorded-telemetry.ts';

const functions = suite('host functions during admission');

const metrics = await fixture('rust/metrics/metrics.wasm');
const clock = () => 1_700_000_000_999;
const options: AdmitOptions = { ...unhurried, clock, hostFunctions: true };

const errorOf = ({ layers }: AdmissionReport) => layers.find(({ error }) => error !== undefined)?.error?.kind;

functions('are missing unless the host asks for them', async () => {
  for (const given of [{}, { hostFunctions: false }, { hostFunctions: undefined }]) {
    assert.is(errorOf(admit(metrics, given)), 'Instantiate');
    assert.is(errorOf(await admitAsync(metrics, given)), 'Instantiate');
  }
});

functions('let a plugin that imports them pass, and then be called', async () => {
  assert.ok((await admitAsync(metrics, options)).admitted);
  const { metadata, layers } = admit(metrics, options);
  if (metadata === undefined) throw new Error(JSON.stringify(layers));
  const pluginName = metadata.identity.plugin_name;
  const given = hostFunctions({ pluginName, storageQuotaBytes: 1000, state: new HostState() });
  using plugin = buildPlugin(compilePlugin(metrics), { functions: given });
  const { observe } = wire.v1;
  assert.is(dispatchWireCall(observe, plugin, metadata, observe.dryRunRequest()).kind, 'ok');
});

/** Where texts lie in the memory of the intruder: the key, the number 1, the two answers. */
const KEY = '(call $block (i32.const 1000) (i32.const 3))';
const ONE = '(call $block (i32.const 1008) (i32.const 8))';

/** Instructions that answer with the text at an address. */
const answer = (at: number, text: string) => `(call $answer (i32.const ${at}) (i32.const ${text.length}))`;

/** Instructions that trap if there is a value under the key. */
const trapIfStored = `(if (i64.ne (call $get ${KEY}) (i64.const 0)) (then unreachable))`;

const accept = JSON.stringify(acceptOf(['observe']));
const data = (at: number, text: string) => `(data (i32.const ${at}) "${text.replaceAll('"', '\\"')}")`;

/**
 * A plugin with the name of another. Each layer traps if it finds what an earlier one stored, and
 * then stores, counts and logs.
 */
const intruder = await guest({
  identities: [identityPayload('router')],
  fields: `
    (import "extism:host/user" "cc_lb_storage_get" (func $get (param i64) (result i64)))
    (import "extism:host/user" "cc_lb_storage_put" (func $put (param i64 i64)))
    (import "extism:host/user" "cc_lb_metric_incr" (func $incr (param i64 i64)))
    (import "extism:host/user" "cc_lb_log" (func $log (param i64 i64)))
    (import "extism:host/user" "cc_lb_now_unix_ms" (func $now (result i64)))
    (import "extism:host/user" "cc_lb_random_bytes" (func $random (param i64) (result i64)))
    ${data(1000, 'key')} (data (i32.const 1008) "\\01") ${data(2000, accept)} ${data(3000, selfCheckSuccess)}
    (func $intrude ${trapIfStored}
      (call $put ${KEY} ${KEY}) (call $incr ${KEY} ${ONE}) (call $log ${KEY} ${KEY})
      (if (i64.eqz (call $get ${KEY})) (then unreachable))
      (if (i64.eqz (call $now)) (then unreachable))
      (if (i64.eqz (call $random ${ONE})) (then unreachable)))`,
  exports: {
    cc_lb_handshake: { code: `(result i32) (call $intrude) ${answer(2000, accept)}` },
    cc_lb_self_check: { code: `(result i32) (call $intrude) ${answer(3000, selfCheckSuccess)}` },
    observe: '{"_v":1}',
  },
});

functions('have an empty storage in each layer, and log but count nothing', () => {
  for (let round = 0; round < 2; round++) {
    const telemetry = recordedTelemetry();
    const report = admit(intruder, { ...options, telemetry });
    assert.is(errorOf(report), undefined);
    assert.equal(
      telemetry.counters.map(({ name }) => name),
      ['cc_lb_plugin_handshake_total'],
    );
    assert.equal(
      telemetry.events.map(({ message, fields }) => [message, fields]),
      [
        ['key', { plugin: 'router' }],
        ['key', { plugin: 'router' }],
      ],
    );
  }
});

functions('have a quota: a plugin that stores without end is refused', async () => {
  const put = '(call $put (call $alloc (i64.const 1000000)) (call $alloc (i64.const 1000000)))';
  const greedy = await guest({
    identities: [identityPayload()],
    fields: '(import "extism:host/user" "cc_lb_storage_put" (func $put (param i64 i64)))',
    exports: { cc_lb_handshake: { code: `(result i32) ${put} (i32.const 0)` } },
  });
  const { layers } = admit(greedy, options);
  assert.match(layers[1]?.error?.message ?? '', /cc_lb_storage_put.*at most 1048576 are allowed/);
});

functions('may have a storage of the host behind them, made for each layer', () => {
  const calls: string[] = [];
  const made: string[] = [];
  const storage = (pluginName: string): PluginStorage => {
    made.push(pluginName);
    const state = new HostState();
    return {
      get: (name, key) => {
        calls.push(`get ${name} ${key}`);
        return state.get(name, key);
      },
      put: (name, key, value, quotaBytes) => {
        calls.push(`put ${name} ${key} ${quotaBytes}`);
        state.put(name, key, value, quotaBytes);
      },
      entries: (name) => state.entries(name),
      clear: (name) => state.clear(name),
    };
  };
  assert.is(errorOf(admit(intruder, { ...options, storage })), undefined);
  assert.equal(made, ['router', 'router']);
  const layer = ['get router key', 'put router key 1048576', 'get router key'];
  assert.equal(calls, [...layer, ...layer]);
});

functions('fail by name if the storage of the host does', () => {
  const broken = (): never => {
    throw new Error('the database is gone');
  };
  const storage = () => ({ get: broken, put: broken, entries: broken, clear: broken });
  const report = admit(intruder, { ...options, storage });
  assert.match(report.layers[1]?.error?.message ?? '', /cc_lb_storage_get.*the database is gone/);
  // The cast: a storage without a type checker returns anything.
  const other = () => ({ ...new HostState(), get: () => 'text', put: broken, entries: broken, clear: broken });
  const wrong = admit(intruder, { ...options, storage: other as unknown as () => PluginStorage });
  assert.is(wrong.layers[1]?.status, 'failed');
});

functions('refuse a storage that is malformed or that nothing asks for', () => {
  const messageOf = (given: AdmitOptions): string => String(thrownBy(() => admit(intruder, { ...options, ...given })));
  // The casts: a caller without types can pass anything.
  const none = (() => ({})) as unknown as () => PluginStorage;
  assert.match(messageOf({ storage: none }), /^TypeError: what options\.storage returns must be a HostState, or an/);
  assert.match(messageOf({ storage: {} as typeof none }), /^TypeError: options\.storage must be a function/);
  assert.match(messageOf({ storage: none, hostFunctions: false }), /^TypeError: options\.storage must be left out/);
});

functions('may be those of the host, if it calls the layers itself', () => {
  const state = new HostState();
  const own = hostFunctions({ pluginName: 'quarantine', storageQuotaBytes: 1000, state });
  const compiled = compilePlugin(intruder);
  executeHandshake(compiled, buildOffer(), { functions: own });
  assert.is(new TextDecoder().decode(state.get('quarantine', 'key')), 'key');
  // The same storage again: the self-check finds what the handshake stored.
  assert.instance(
    thrownBy(() => executeSelfCheck(compiled, ['observability_hook'], { functions: own })),
    Error,
  );
  const others = hostFunctions({ pluginName: 'quarantine', storageQuotaBytes: 1000, state: new HostState() });
  assert.is(executeSelfCheck(compiled, ['observability_hook'], { functions: others }).status, 'success');
});

functions('are checked as those of buildPlugin are', () => {
  const compiled = compilePlugin(intruder);
  // The cast: a caller without types can pass anything.
  const given = { functions: [{ name: 'cc_lb_log' }] } as unknown as { functions: [] };
  for (const call of [
    () => executeHandshake(compiled, buildOffer(), given),
    () => executeSelfCheck(compiled, 'all', given),
  ]) {
    const thrown = thrownBy(call);
    assert.ok(thrown instanceof TypeError);
    assert.match(thrown.message, /^options\.functions must be an array of functions made by hostFunction/);
  }
  const flag = { hostFunctions: 'yes' } as unknown as AdmitOptions;
  assert.match(
    String(thrownBy(() => admit(intruder, flag))),
    /^TypeError: options\.hostFunctions must be true or false/,
  );
});

functions('are there for a verified plugin too, if the author asks', () => {
  const failed = (report: ReturnType<typeof verifyObservability>) =>
    report.checks.filter(({ status }) => status === 'fail').map(({ id }) => id);
  assert.equal(failed(verifyObservability(metrics)), ['handshake.build']);
  assert.equal(failed(verifyObservability(metrics, { hostFunctions: true })), []);
});

functions.run();
