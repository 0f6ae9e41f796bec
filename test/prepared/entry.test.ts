// The entry ./prepared where nothing may be compiled: from a module to the record and calls.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { prepareHooks } from '../../src/hooks/prepare.ts';
import { preparePlugin } from '../../src/plugin/index.ts';
import { canLink } from '../../src/plugin/two-memories.ts';
import * as prepared from '../../src/prepared/index.ts';
import { fixture } from '../support/fixture.ts';
import { unhurried } from '../support/layers.ts';
import { withoutCompiling } from '../support/plugin.ts';

const entry = suite('the entry ./prepared');

const options = { ...unhurried, clock: () => 1_800_000_000_000 } as const;

if (!canLink()) console.log('skipped: linked plugins: this engine supports one memory in a module');
else {
  entry('admits a plugin and dispatches calls to it, and compiles nothing', async () => {
    const module = new WebAssembly.Module(preparePlugin(await fixture('router/router.wasm')));
    withoutCompiling(() => {
      const report = prepared.admit(module, options);
      assert.ok(report.admitted, JSON.stringify(report.layers));
      assert.is(report.compileMs, undefined);
      // The record survives being stored.
      const { metadata } = report;
      assert.ok(metadata);
      const text = prepared.encodeJson(prepared.augmentedMetadata, metadata, 'declared');
      const record = prepared.decodeJson(prepared.augmentedMetadata, text);
      assert.not(prepared.isExpired(record, 1_800_000_000));

      const plugin = prepared.buildPlugin(module);
      const { filter } = prepared.wire.v3;
      const outcome = prepared.dispatchWireCall(filter, plugin, record, filter.dryRunRequest());
      assert.is(outcome.kind, 'ok');
      assert.ok(plugin.fuelConsumed > 0);
    });
  });

  entry('provides host functions, through the adapters in the module', async () => {
    const module = new WebAssembly.Module(preparePlugin(await fixture('host-calls/host-calls.wasm')));
    withoutCompiling(() => {
      const state = new prepared.HostState();
      const functions = prepared.hostFunctions({ pluginName: 'p', storageQuotaBytes: 1_000, state });
      const plugin = prepared.buildPlugin(module, { functions });
      plugin.call('storage_put', JSON.stringify({ key: 'k', value_base64: 'aGk=' }));
      assert.is(plugin.callText('storage_get', JSON.stringify({ key: 'k' })), 'hi');
      assert.is(new TextDecoder().decode(state.get('p', 'k')), 'hi');
    });
  });

  entry('ends a call that uses up its fuel or deadline', async () => {
    const module = new WebAssembly.Module(preparePlugin(await fixture('behaviour/infinite-loop.wasm')));
    for (const [budget, kind] of [
      [{ fuel: 10_000 }, 'OutOfFuel'],
      [{ wallMs: 5 }, 'Timeout'],
    ] as const) {
      const plugin = prepared.buildPlugin(module, budget);
      try {
        plugin.call('run');
        assert.unreachable();
      } catch (error) {
        assert.instance(error, prepared.PluginCallError);
        if (error instanceof prepared.PluginCallError) assert.is(error.failure.kind, kind);
      }
    }
  });

  entry('gives the same loaded plugin for the same module', async () => {
    const bytes = preparePlugin(await fixture('router/router.wasm'));
    const [one, other] = [new WebAssembly.Module(bytes), new WebAssembly.Module(bytes)];
    const loaded = prepared.loadPlugin(one);
    assert.is(prepared.loadPlugin(one), loaded);
    assert.is.not(prepared.loadPlugin(other), loaded);
    assert.ok(prepared.admit(loaded, options).admitted);
    assert.ok(prepared.buildPlugin(loaded).functionExists('cc_lb_handshake'));
    assert.is(prepared.generationOf(one), 1);
  });
}

entry('admits and calls a hook plugin, and compiles nothing', async () => {
  const module = new WebAssembly.Module(prepareHooks(new Uint8Array(await fixture('hooks/filter/filter.wasm'))));
  withoutCompiling(() => {
    assert.is(prepared.generationOf(module), 2);
    const probe = { wallMs: Number.POSITIVE_INFINITY };
    const { report, plugin } = prepared.admitHooks(module, { slot: 'filter', probe });
    assert.ok(report.admitted, JSON.stringify(report.steps));
    assert.is(plugin?.call(prepared.filterHook, prepared.filterHook.sample()).kind, 'ok');
  });
});

entry.run();
