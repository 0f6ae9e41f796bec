import * as assert from 'uvu/assert';
import { hostFunction } from '../../src/kernel/index.ts';
import type { Plugin, PluginOptions } from '../../src/plugin/index.ts';
import { HostState, hostFunctions } from '../../src/protocol/host-functions.ts';
import type { Telemetry } from '../../src/telemetry.ts';
import { callEnding, handle, hostilePlugin } from './endings.ts';
import type { HostileCase } from './hostile-case.ts';

/** Counts what is reported, and the characters of it. */
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

/** The plugin with the functions of a cc-lb host, under a name. */
async function edges(
  pluginName: string,
  state = new HostState(),
  telemetry = counting(),
  wallMs = 2_000,
): Promise<Plugin> {
  const functions = hostFunctions({ pluginName, storageQuotaBytes: 500_000, state, telemetry });
  return await hostilePlugin('host-edges', { functions, name: pluginName, wallMs });
}

/** What a flood costs at least for each event, in fuel. */
const FUEL_PER_EVENT = 4;

async function floodEnding(name: string): Promise<string> {
  const telemetry = counting();
  const plugin = await edges('flood', new HostState(), telemetry);
  const ending = callEnding(plugin, name, 'text');
  assert.ok(telemetry.events > 1_000, `${telemetry.events} events`);
  assert.ok(telemetry.events < 5_000_000 / FUEL_PER_EVENT, `${telemetry.events} events`);
  return ending;
}

/** Keys that would be another plugin's if keys were put together with names. */
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

/** What a host function does to a plugin that calls it. */
const callbacks: readonly (readonly [name: string, does: string, run: (plugin: () => Plugin) => unknown])[] = [
  [
    'throws',
    'gets an error of a host function',
    () => {
      throw new Error('no');
    },
  ],
  [
    'throws nothing',
    'gets undefined thrown by a host function',
    () => {
      return Promise.reject();
    },
  ],
  ['calls back', 'is called again by a host function that it calls', (plugin) => plugin().call('calm')],
  ['promises', 'gets a promise where there is no result', () => Promise.reject(new Error('later'))],
];

/** Functions of the host, used as far as they go. */
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
      does: 'reports for ever: its fuel bounds how often',
      ends: 'call: OutOfFuel',
      run: () => floodEnding(name),
    }),
  ),
  {
    name: 'host-edges, storage_flood',
    does: 'stores for ever under one key: the quota holds, and each byte costs fuel',
    ends: 'call: OutOfFuel',
    run: async () => callEnding(await edges('flood', new HostState(), counting(), 100), 'storage_flood', 'key'),
  },
  {
    name: 'host-edges, put past the quota',
    does: 'stores more than it may',
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
          // A result where none is declared is what this shows the host to refuse.
          return run(() => plugin) as undefined;
        });
        const options: PluginOptions = { functions: [take] };
        const plugin: Plugin = await hostilePlugin('handles-to-host', options);
        return callEnding(plugin, 'take', handle(0n));
      },
    }),
  ),
];
