// Where the clock of deadlines stands, fuel ends every call, and the report says so. Where there is
// no time and nothing random, the errors name the option to pass.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { clockStood, systemClock } from '../src/clock.ts';
import { admitHooks } from '../src/hooks/admit.ts';
import { filterHook } from '../src/hooks/hook.ts';
import { instantiateMetered, Meter, meterModule } from '../src/metering/index.ts';
import { compilePlugin, PluginCallError } from '../src/plugin/index.ts';
import { type AdmissionReport, type AdmitOptions, admit } from '../src/protocol/admit.ts';
import { dispatchWireCall } from '../src/protocol/dispatch.ts';
import { HostState, hostFunctions } from '../src/protocol/host-functions.ts';
import { wire } from '../src/protocol/messages/index.ts';
import { writeIdentity } from '../src/protocol/write-identity.ts';
import { whileClockStands, whileLoading, whileReplaced } from './support/environment.ts';
import { failureOf, thrownBy } from './support/failure.ts';
import { fixture } from './support/fixture.ts';
import { plugin, pluginModule } from './support/plugin.ts';
import { wat } from './support/wat.ts';

const standing = suite('where the clock stands');
const NOW = 1_800_000_000_000;
const clock = () => NOW;
const router = await fixture('router/router.wasm');
const hooksFilter = await fixture('hooks/filter/filter.wasm');

for (const shown of [0, 1_234.5]) {
  standing(`at ${shown}: a plugin is admitted, and the report says that no deadline held`, () => {
    const report = whileClockStands(() => admit(router, { clock }), shown);
    assert.ok(report.admitted);
    assert.is(report.clockStood, true);
    assert.equal(
      report.layers.map(({ durationMs }) => durationMs),
      [0, 0, 0, 0],
    );
    const { report: hooks } = whileClockStands(() => admitHooks(hooksFilter), shown);
    assert.ok(hooks.admitted);
    assert.is(hooks.clockStood, true);
  });
}

standing('where it moves, the report has no such field', () => {
  assert.not('clockStood' in admit(router));
  assert.not('clockStood' in admitHooks(hooksFilter).report);
});

standing('a clock with large steps moves, however fast the calls are', () => {
  let readings = 0;
  const coarse = () => Math.floor(readings++ / 50_000);
  const reports = whileReplaced([[performance, 'now', coarse]], () => [
    admit(router, { clock }),
    admitHooks(hooksFilter).report,
  ]);
  for (const report of reports) {
    assert.ok(report.admitted);
    assert.not('clockStood' in report);
  }
});

standing('a plugin that was not called says nothing about the clock', async () => {
  const noIdentity = await fixture('behaviour/no-identity.wasm');
  assert.not('clockStood' in whileClockStands(() => admit(noIdentity, { clock })));
  const unmetered = compilePlugin(router, { metering: false });
  assert.not('clockStood' in whileClockStands(() => admit(unmetered, { clock })));
  assert.not('clockStood' in whileClockStands(() => admitHooks(hooksFilter, { runsProbes: false }).report));
  whileClockStands(() => {
    assert.not(clockStood([]));
    assert.not(clockStood([{ durationMs: 0 }, { durationMs: 0.1 }]));
    assert.ok(clockStood([{ durationMs: 0 }, { durationMs: 0 }]));
  });
});

/** Makes a plugin whose handshake loops for ever. */
async function loopingHandshake(): Promise<Uint8Array> {
  const module = await pluginModule(
    '(func (export "cc_lb_handshake") (result i32) (loop $again (br $again)) i32.const 0)',
  );
  return writeIdentity(module, { plugin_name: 'looping', plugin_version: '1.0.0' });
}

/** Plugins of generation 1 that loop for ever, and the layer in which they do. */
const loops = {
  'a handshake': [loopingHandshake, 'handshake'],
  'a self-check': [() => fixture('hostile/loop-in-self-check.wasm'), 'self_check'],
  'a start function': [() => fixture('hostile/loop-in-start.wasm'), 'handshake'],
  _initialize: [() => fixture('hostile/loop-in-initialize.wasm'), 'handshake'],
} as const;

for (const [what, [load, layer]] of Object.entries(loops)) {
  standing(`fuel ends ${what} that loops for ever, and the report says that no deadline could`, async () => {
    const wasm = await load();
    const report = whileClockStands(() => admit(wasm, { clock }));
    const failed = report.layers.find(({ status }) => status === 'failed');
    assert.is(failed?.layer, layer);
    assert.match(JSON.stringify(failed?.error), /fuel/i);
    assert.is(report.clockStood, true);
  });
}

standing('fuel ends a call and a dispatch that loop for ever', async () => {
  const looping = await plugin('(func (export "run") (result i32) (loop $again (br $again)) i32.const 0)', {
    fuel: 1_000_000,
    wallMs: 1,
  });
  const failure = whileClockStands(() => failureOf(PluginCallError, () => looping.call('run')));
  assert.equal(failure, { kind: 'OutOfFuel', use: { unit: 'fuel', used: 1_000_000, limit: 1_000_000 } });

  const loopingFilter = await plugin(`(func (export "filter") (result i32) (loop $again (br $again)) i32.const 0)`, {
    fuel: 1_000_000,
    wallMs: 1,
  });
  const metadata = { negotiated_functions: { filter: 3 } };
  const { filter } = wire.v3;
  const outcome = whileClockStands(() => dispatchWireCall(filter, loopingFilter, metadata, filter.dryRunRequest()));
  assert.is(outcome.kind, 'fallback');
});

for (const path of ['loop-in-hook', 'loop-in-alloc', 'loop-in-start']) {
  standing(`fuel ends hooks/hostile/${path}.wasm, at admission and at a call`, async () => {
    const wasm = await fixture(`hooks/hostile/${path}.wasm`);
    const { report } = whileClockStands(() => admitHooks(wasm));
    assert.not(report.admitted);
    assert.is(report.clockStood, true);
    assert.match(report.steps.find(({ status }) => status === 'failed')?.error?.message ?? '', /fuel/i);
    const unprobed = { runsProbes: false, call: { fuel: 1_000_000, wallMs: 1 } };
    const outcome = whileClockStands(() => admitHooks(wasm, unprobed).plugin?.call(filterHook, filterHook.sample()));
    assert.is(outcome?.kind, 'error');
    assert.match(outcome?.kind === 'error' ? outcome.error.message : '', /fuel/i);
  });
}

standing('fuel ends a metered loop, whatever its clock shows', async () => {
  const metered = meterModule(await wat('(module (func (export "run") (loop $again (br $again))))'));
  for (const shown of [0, 5, -7, Number.MAX_SAFE_INTEGER]) {
    const meter = new Meter({ fuel: 500_000, wallMs: 1, clock: () => shown });
    const { instance } = instantiateMetered(metered, {}, { meter });
    const run = instance.exports.run as () => void;
    assert.match(String(thrownBy(() => meter.run(run))), /fuel/i);
    assert.is(meter.fuelConsumed, 500_000);
  }
});

const loading = suite('while an edge worker is loaded');

loading('admission says that there is no time, and which option to pass', () => {
  const report = whileLoading(() => admit(router));
  const failed = report.layers.find(({ status }) => status === 'failed');
  assert.is(failed?.layer, 'self_check');
  assert.is(failed?.error?.kind, 'Clock');
  assert.match(failed?.error?.message ?? '', /tells no time: Date\.now\(\) is 0.*pass the option clock/);
  assert.ok(whileLoading(() => admit(router, { clock })).admitted);
  assert.ok(whileLoading(() => admitHooks(hooksFilter)).report.admitted);
});

loading('the clock of the machine is taken where there is one', () => {
  assert.ok(Math.abs(systemClock() - Date.now()) < 10_000);
});

/** A plugin that asks for 4 random bytes, and for the time. */
async function asking(context: object) {
  const functions = hostFunctions({ pluginName: 'asking', storageQuotaBytes: 0, state: new HostState(), ...context });
  return await plugin(
    `(func (export "random") (result i32) (local $block i64)
      (local.set $block (call $alloc (i64.const 8)))
      (call $store_u64 (local.get $block) (i64.const 4))
      (local.set $block (call $random (local.get $block)))
      (call $output_set (local.get $block) (i64.const 4)) i32.const 0)
    (func (export "time") (result i32)
      (call $output_set (call $now) (i64.const 8)) i32.const 0)`,
    { functions },
    `(import "extism:host/user" "cc_lb_random_bytes" (func $random (param i64) (result i64)))
    (import "extism:host/user" "cc_lb_now_unix_ms" (func $now (result i64)))`,
  );
}

loading('host functions say what there is not, and which option to pass', async () => {
  const found = await asking({});
  const random = whileLoading(() => failureOf(PluginCallError, () => found.call('random')));
  assert.match(JSON.stringify(random), /no random values \(disallowed operation.*\): pass the option fillRandom/);
  const time = whileLoading(() => failureOf(PluginCallError, () => found.call('time')));
  assert.match(JSON.stringify(time), /tells no time.*pass the option clock/);
});

loading('host functions work with these options', async () => {
  const found = await asking({ clock, fillRandom: (bytes: Uint8Array) => bytes.fill(7) });
  assert.equal([...whileLoading(() => found.call('random'))], [7, 7, 7, 7]);
  const time = whileLoading(() => found.call('time'));
  assert.is(new DataView(time.buffer, time.byteOffset).getBigInt64(0, true), BigInt(NOW));
});

loading('random values of an admission come from its option', async () => {
  const module = await pluginModule(
    `(func (export "cc_lb_handshake") (result i32) (local $block i64)
      (local.set $block (call $alloc (i64.const 8)))
      (call $store_u64 (local.get $block) (i64.const 4))
      (drop (call $random (local.get $block))) i32.const 0)`,
    '(import "extism:host/user" "cc_lb_random_bytes" (func $random (param i64) (result i64)))',
  );
  const wasm = writeIdentity(module, { plugin_name: 'asking', plugin_version: '1.0.0' });
  const asked: number[] = [];
  const fillRandom = (bytes: Uint8Array) => asked.push(bytes.length);
  const admission = (more: AdmitOptions) => whileLoading(() => admit(wasm, { clock, hostFunctions: true, ...more }));
  const messageOf = ({ layers }: AdmissionReport) => layers.find(({ error }) => error !== undefined)?.error?.message;
  assert.match(messageOf(admission({})) ?? '', /pass the option fillRandom/);
  admission({ fillRandom });
  assert.equal(asked, [4]);
  assert.match(String(thrownBy(() => admit(wasm, { fillRandom }))), /options\.fillRandom must be left out/);
});

standing.run();
loading.run();
