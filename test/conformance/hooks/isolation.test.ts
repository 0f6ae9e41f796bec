// Each plugin here keeps something from call to call, and fails one check of isolation. No plugin
// can fail most of them on a host that gives each call a fresh instance, so the host here does not.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { resolveHooksOptions } from '../../../src/conformance/hooks/options.ts';
import { upstreamId } from '../../../src/conformance/hooks/requests/filter.ts';
import { type HookPluginUnderTest, HookTestHost } from '../../../src/conformance/hooks/test-host.ts';
import { verifyHooks, verifyWith } from '../../../src/conformance/hooks/verify.ts';
import { admitHooks } from '../../../src/hooks/admit.ts';
import { encodeArchive } from '../../../src/hooks/archive/encode.ts';
import { FilterResponse } from '../../../src/hooks/messages/filter.ts';
import { dataAt, packed } from '../../hooks/hook-module.ts';
import {
  burn,
  conformingPlugin,
  faults,
  faultsOf,
  grow,
  MEMORY_BYTES,
  options,
  type Special,
  unseenChecks,
} from './plugins.ts';

const isolation = suite('conformance of the isolation of hook plugins');

/** A host that gives all calls of a plugin the same instance. */
class LeakyHost extends HookTestHost {
  override fresh(fuel?: number): HookPluginUnderTest {
    return this.kept(fuel);
  }

  override exact(): HookPluginUnderTest {
    return this.kept();
  }
}

/** The faults of a plugin on a host that keeps instances. */
function faultsIfKept(wasm: Uint8Array): string[] {
  const resolved = resolveHooksOptions(options);
  return faultsOf(verifyWith(new LeakyHost(new Uint8Array(wasm), resolved, admitHooks(wasm).report, ['filter'])));
}

const other = encodeArchive(FilterResponse, {
  results: [{ upstream_id: upstreamId(0), decision: 'accept', reason: '' }],
});

/** Code that gives another answer than usual if a condition holds. */
const otherIf = (condition: string): string =>
  `(if ${condition} (then (return (i64.const ${packed(500_000, other.length)}))))`;

const filterThat = (specials: Readonly<Record<string, Special>>): Promise<Uint8Array> =>
  conformingPlugin(
    { filter: 'active' },
    {
      specials: { filter: specials },
      fields: `(global $kept (mut i32) (i32.const 0)) ${dataAt(500_000, other)}`,
    },
  );

const set = (value: number): string => `(global.set $kept (i32.const ${value}))`;
const KEPT = '(global.get $kept)';

isolation('fails on isolation.repeated alone if a request is answered otherwise the second time', async () => {
  const wasm = await filterThat({ 'no-candidates': `${otherIf(KEPT)} ${set(1)}`, 'blank-tiers': set(0) });
  assert.equal(faultsIfKept(wasm), ['fail isolation.repeated']);
  assert.equal(faults(wasm), []);
});

isolation('fails on isolation.repeated if a call burns more fuel than before', async () => {
  const wasm = await filterThat({ 'no-candidates': `(if ${KEPT} (then ${burn(2)})) ${set(1)}`, 'blank-tiers': set(0) });
  assert.equal(faultsIfKept(wasm), ['fail isolation.repeated']);
});

isolation('fails on isolation.order alone if a request is answered otherwise before another', async () => {
  const wasm = await filterThat({ 'no-candidates': set(1), 'blank-tiers': otherIf(`(i32.eqz ${KEPT})`) });
  assert.equal(faultsIfKept(wasm), ['fail isolation.order']);
  assert.equal(faults(wasm), []);
});

isolation('fails on isolation.after-failure alone if a call that was cut off shows in the next', async () => {
  const wasm = await filterThat({ large: `${set(1)} ${burn(10_000)} ${set(0)}`, full: otherIf(KEPT) });
  assert.equal(faultsIfKept(wasm), ['fail isolation.after-failure']);
  assert.equal(faults(wasm), []);
});

isolation('fails on isolation.memory-end alone if a request makes the plugin read beyond it', async () => {
  const wasm = await filterThat({ full: `(drop (i32.load (i32.const ${MEMORY_BYTES + 4096})))` });
  assert.equal(faults(wasm), ['fail isolation.memory-end']);
  const grown = await filterThat({ full: `${grow(1)} (drop (i32.load (i32.const ${MEMORY_BYTES + 4096})))` });
  assert.equal(faults(grown), []);
});

isolation('warns about isolation.state alone, on a host that keeps nothing', async () => {
  const inGlobal = await filterThat({ full: `${otherIf(KEPT)} ${set(1)}` });
  const inMemory = await filterThat({
    sample: '(if (i32.load (i32.const 8)) (then unreachable)) (i32.store (i32.const 8) (i32.const 1))',
  });
  for (const wasm of [inGlobal, inMemory]) assert.equal(faults(wasm), ['warn isolation.state']);
});

isolation('a request whose calls move much is repeated less often, as often on every machine', async () => {
  const repeated = (wasm: Uint8Array): number => {
    const { checks } = verifyHooks(wasm, options);
    return checks.find(({ id }) => id === 'isolation.repeated')?.measured?.value ?? Number.NaN;
  };
  // Fills 16 MiB 32 times, for a few hundred fuel: 512 MiB, of 8 GiB for all calls.
  const moving = `${grow(256)} (local.set $n (i32.const 32))
    (loop $again
      (memory.fill (i32.const ${MEMORY_BYTES}) (i32.const 0) (i32.const 16777216))
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))`;
  const [usual, moved] = [await filterThat({}), await filterThat({ sample: moving })].map(repeated);
  assert.ok(usual !== undefined && moved !== undefined);
  assert.is(usual - moved, 100 - 15);
});

isolation('a plugin without state passes on a host that keeps instances', async () => {
  assert.equal(faultsIfKept(await filterThat({ large: burn(10_000) })), []);
});

isolation('every check of isolation has a plugin that fails on it', () => {
  assert.equal(
    unseenChecks((group) => group === 'isolation'),
    [],
  );
});

isolation.run();
