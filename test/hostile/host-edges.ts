import * as assert from 'uvu/assert';
import { hostFunction } from '../../src/kernel/index.ts';
import type { Plugin, PluginOptions } from '../../src/plugin/index.ts';
import { HostState, hostFunctions } from '../../src/protocol/host-functions.ts';
import type { Telemetry } from '../../src/telemetry.ts';
import { callEnding, handle, hostilePlugin } from './endings.ts';
import type { HostileCase } from './hostile-case.ts';

/** A telemetry that counts events and their characters. */
function counting(): Telemetry & { events: number; characters: number } {
  const counts = {
    events: 0,
    characters: 0,
    log: ({ message }: { message: string }) => {
      counts.events++;
      counts.characters += message.length;
    },
    counter: () => {
      counts.events++;
    },
  };
  return counts;
}

/** Builds the plugin with the functions of a cc-lb host, under a name. */
async function edges(pluginName: string, state = new HostState(), telemetry = counting()): Promise<Plugin> {
  const functions = hostFunctions({ pluginName, storageQuotaBytes: 500_000, state, telemetry });
  return await hostilePlugin('host-edges', { functions, name: pluginName });
}

/** The least fuel that each event of a flood costs. */
const FUEL_PER_EVENT = 4;

async function floodEnding(name: string): Promise<string> {
  const telemetry = counting();
  const plugin = await edges('flood', new HostState(), telemetry);
  const ending = callEnding(plugin, name, 'text');
  assert.ok(telemetry.events > 1_000, `${telemetry.events} events`);
  assert.ok(telemetry.events < 5_000_000 / FUEL_PER_EVENT, `${telemetry.events} events`);
  return ending;
}

/** Keys that would reach another plugin's entries if keys were joined with names. */
const keys = [
  'victim:secret',
  ':secret',
  '../victim:secret',
  'thief:victim:secret',
  'secret',
  '',
  '\u0000victim:secret',
  '__proto__',
];

async function theftEnding(thiefName: string): Promise<string> {
  const state = new HostState();
  const [victim, thief] = [await edges('victim', state), await edges(thiefName, state)];
  victim.call('put', 'secret');
  victim.call('put', 'victim:secret');
  const seen = keys.map((key) => callEnding(thief, 'get', key));
  assert.is(victim.callText('get', 'secret'), 'secret');
  return [...new Set(seen)].join(', ');
}

const random: readonly (readonly [count: bigint, ends: string])[] = [
  [0n, 'answers 0 bytes'],
  [65_535n, 'answers 65535 bytes'],
  [65_536n, 'answers 65536 bytes'],
  [65_537n, 'call: HostFunction'],
  [2n ** 32n, 'call: HostFunction'],
  [2n ** 63n, 'call: HostFunction'],
  [2n ** 64n - 1n, 'call: HostFunction'],
];

/** Host functions that misbehave when the plugin calls them. */
const callbacks: readonly (readonly [name: string, does: string, run: (plugin: () => Plugin) => unknown])[] = [
  [
    'throws',
    'calls a host function that throws an error',
    () => {
      throw new Error('no');
    },
  ],
  [
    'rejects with undefined',
    'calls a host function that returns a promise rejected with undefined',
    () => {
      return Promise.reject();
    },
  ],
  ['calls back', 'calls a host function that calls the plugin again', (plugin) => plugin().call('calm')],
  [
    'promises',
    'calls a host function without results that returns a promise',
    () => Promise.reject(new Error('later')),
  ],
];

/** Host functions at the limits of their arguments. */
export const hostEdges: readonly HostileCase[] = [
  ...['thief', 'victim:', 'vic', 'victim:secret', ''].map(
    (name): HostileCase => ({
      name: `host-edges, get by a plugin named '${name}'`,
      does: `asks for the keys of another plugin, under ${keys.length} spellings`,
      ends: 'answers nothing',
      run: () => theftEnding(name),
    }),
  ),
  ...random.map(
    ([count, ends]): HostileCase => ({
      name: `host-edges, random ${count}`,
      does: `asks for ${count} random bytes`,
      ends,
      run: async () => {
        const plugin = await edges('random');
        if (ends.startsWith('call')) return callEnding(plugin, 'random', handle(count));
        return `answers ${plugin.call('random', handle(count)).length} bytes`;
      },
    }),
  ),
  ...['log_flood', 'counter_flood'].map(
    (name): HostileCase => ({
      name: `host-edges, ${name}`,
      does: 'reports endlessly: fuel limits the number of events',
      ends: 'call: OutOfFuel',
      run: () => floodEnding(name),
    }),
  ),
  {
    name: 'host-edges, storage_flood',
    does: 'stores endlessly under one key: the quota holds, and each byte costs fuel',
    ends: 'call: OutOfFuel',
    run: async () => callEnding(await edges('flood', new HostState(), counting()), 'storage_flood', 'key'),
  },
  {
    name: 'host-edges, put past the quota',
    does: 'stores more than its quota',
    ends: 'call: HostFunction',
    run: async () => {
      const plugin = await edges('flood');
      plugin.call('put', 'k'.repeat(200_000));
      return callEnding(plugin, 'put', 'l'.repeat(200_000));
    },
  },
  ...callbacks.map(
    ([name, does, run]): HostileCase => ({
      name: `handles-to-host, ${name}`,
      does,
      ends: 'call: HostFunction',
      run: async () => {
        const take = hostFunction('take', ['bytes'], [], () => {
          // The cast: the host must refuse a result of a function that declares none.
          return run(() => plugin) as undefined;
        });
        const options: PluginOptions = { functions: [take] };
        const plugin: Plugin = await hostilePlugin('handles-to-host', options);
        return callEnding(plugin, 'take', handle(0n));
      },
    }),
  ),
];
