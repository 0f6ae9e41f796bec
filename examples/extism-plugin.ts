// A plugin of Extism under budgets: `npm run example:extism`. The plugin was made with the plain
// `extism-pdk` in Rust (fixtures/rust/vowels/src/lib.rs) and knows nothing of cc-lb. It has a
// configuration, variables, and a store of the host. docs/FROM-EXTISM.md compares this with
// Extism's SDK.
import { equal, ok } from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { buildPlugin, compilePlugin, hostFunction, type Plugin, PluginCallError } from '../src/index.ts';

const print = (title: string, text: string): void => console.log(`  ${title.padEnd(8)}${text}`);

// Compiled once. Each plugin that is built from it has its own memory, variables and budgets.
const wasm = await readFile(new URL('../fixtures/rust/vowels/vowels.wasm', import.meta.url));
const compiled = compilePlugin(wasm);

// Host functions are declared with what they take and return. They get values, not offsets.
const store = new Map<string, Uint8Array>();
const functions = [
  hostFunction('kv_read', ['text'], ['bytes'], (key) => store.get(key) ?? new Uint8Array()),
  hostFunction('kv_write', ['text', 'bytes'], [], (key, value) => {
    store.set(key, value);
  }),
];

// What each call may use: instructions and milliseconds; and, all calls of a plugin together, pages
// of 64 KiB by which memory grows.
const budgets = { fuel: 10_000_000, wallMs: 10_000, memoryMaxPages: 32 };

/** Calls a function that ends, and checks its answer. */
function count(plugin: Plugin, name: string, expected: { count: number; total: number }): void {
  const answer = plugin.callText(name, 'Yellow, World!');
  print('call', `${name}: ${answer}, for ${plugin.fuelConsumed} fuel`);
  equal(JSON.stringify({ ...JSON.parse(answer), vowels: undefined }), JSON.stringify(expected));
}

/** Calls a function that does not, and returns why the call failed. */
function failure(plugin: Plugin, name: string): PluginCallError['failure'] {
  try {
    plugin.call(name, 'Yellow');
  } catch (error) {
    if (!(error instanceof PluginCallError)) throw error;
    print('call', `${name}: ${error.message} ${JSON.stringify(error.failure)}`);
    return error.failure;
  }
  throw new Error(`${name} returned`);
}

console.log('\nA plugin with its variables, and with the store of the host');
const plugin = buildPlugin(compiled, { ...budgets, functions });
count(plugin, 'count_vowels', { count: 3, total: 3 });
count(plugin, 'count_vowels', { count: 3, total: 6 });
count(plugin, 'count_vowels_kvstore', { count: 3, total: 3 });

console.log('\nAnother plugin, with a configuration: it has variables of its own, and shares the store');
const withY = buildPlugin(compiled, { ...budgets, functions, config: { vowels: 'aeiouyAEIOUY' } });
count(withY, 'count_vowels', { count: 4, total: 4 });
count(withY, 'count_vowels_kvstore', { count: 4, total: 7 });

console.log('\nCalls that fail: by the plugin, by fuel, by memory, by time');
equal(failure(plugin, 'refuse').kind, 'PluginError');
equal(failure(plugin, 'spin').kind, 'OutOfFuel');
equal(failure(buildPlugin(compiled, { ...budgets, functions }), 'hoard').kind, 'OutOfMemory');
const byTime = buildPlugin(compiled, { ...budgets, functions, fuel: Number.POSITIVE_INFINITY, wallMs: 100 });
const startedAt = performance.now();
equal(failure(byTime, 'spin').kind, 'Timeout');
ok(performance.now() - startedAt < 5_000, 'it ended long after its deadline');

console.log('\nA failed call leaves a plugin usable');
count(plugin, 'count_vowels', { count: 3, total: 9 });

console.log('\nAll as expected. docs/FROM-EXTISM.md compares this with the SDK of Extism.');
