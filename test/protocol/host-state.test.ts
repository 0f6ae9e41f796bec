import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HostFunctionError, HostState } from '../../src/protocol/host-functions.ts';
import { failureOf, thrownBy } from '../support/failure.ts';

const storage = suite('the storage of plugins');

const bytes = (...values: readonly number[]): Uint8Array => new Uint8Array(values);

storage('returns what was stored, and nothing else', () => {
  const state = new HostState();
  state.put('a', 'key', bytes(1, 2), 100);
  assert.equal(state.get('a', 'key'), bytes(1, 2));
  assert.is(state.get('a', 'other'), undefined);
  assert.is(state.get('a', '__proto__'), undefined);
  state.put('a', 'key', bytes(), 100);
  assert.equal(state.get('a', 'key'), bytes());
});

storage('keeps plugins separate, whatever their names', () => {
  const state = new HostState();
  const scopes: readonly (readonly [string, string])[] = [
    ['a', 'b:c'],
    ['a:b', 'c'],
    ['a', 'c'],
    ['ab', 'c'],
    ['', 'a:c'],
    ['__proto__', 'c'],
  ];
  scopes.forEach(([plugin, key], index) => {
    state.put(plugin, key, bytes(index), 100);
  });
  assert.equal(
    scopes.map(([plugin, key]) => state.get(plugin, key)?.[0]),
    [0, 1, 2, 3, 4, 5],
  );
});

storage('copies values in and out', () => {
  const state = new HostState();
  const given = bytes(1);
  state.put('a', 'key', given, 100);
  given[0] = 9;
  const taken = state.get('a', 'key');
  assert.equal(taken, bytes(1));
  taken?.fill(8);
  assert.equal(state.get('a', 'key'), bytes(1));
});

/** The outcome of storing this many bytes. */
const put = (state: HostState, plugin: string, key: string, size: number, quota: number): unknown => {
  try {
    state.put(plugin, key, new Uint8Array(size), quota);
    return 'stored';
  } catch (error) {
    return error instanceof HostFunctionError ? error.failure : error;
  }
};

storage('counts the scoped key and the value', () => {
  // `a:key` has 5 bytes, `a:é` has 4.
  assert.is(put(new HostState(), 'a', 'key', 5, 10), 'stored');
  assert.equal(put(new HostState(), 'a', 'key', 6, 10), { kind: 'StorageQuotaExceeded', bytes: 11, quotaBytes: 10 });
  assert.is(put(new HostState(), 'a', 'é', 6, 10), 'stored');
  assert.equal(put(new HostState(), 'a', 'é', 7, 10), { kind: 'StorageQuotaExceeded', bytes: 11, quotaBytes: 10 });
  assert.equal(put(new HostState(), 'a', 'key', 0, 4), { kind: 'StorageQuotaExceeded', bytes: 5, quotaBytes: 4 });
  assert.is(put(new HostState(), 'a', 'key', 0, 5), 'stored');
  assert.is(put(new HostState(), 'a', 'key', 1000, Number.POSITIVE_INFINITY), 'stored');
});

storage('counts an entry that is replaced once', () => {
  const state = new HostState();
  assert.is(put(state, 'a', 'x', 7, 20), 'stored');
  assert.is(put(state, 'a', 'y', 7, 20), 'stored');
  assert.equal(put(state, 'a', 'z', 0, 20), { kind: 'StorageQuotaExceeded', bytes: 23, quotaBytes: 20 });
  assert.is(put(state, 'a', 'x', 4, 20), 'stored');
  assert.is(put(state, 'a', 'z', 0, 20), 'stored');
  assert.equal(put(state, 'a', 'x', 5, 20), { kind: 'StorageQuotaExceeded', bytes: 21, quotaBytes: 20 });
});

storage('changes nothing if it refuses a put', () => {
  const state = new HostState();
  state.put('a', 'key', bytes(1, 2), 7);
  assert.is(failureOf(HostFunctionError, () => state.put('a', 'key', bytes(1, 2, 3), 7)).kind, 'StorageQuotaExceeded');
  assert.is(failureOf(HostFunctionError, () => state.put('a', 'new', bytes(), 7)).kind, 'StorageQuotaExceeded');
  assert.equal(state.get('a', 'key'), bytes(1, 2));
  assert.is(state.get('a', 'new'), undefined);
  assert.is(put(state, 'a', 'key', 2, 7), 'stored');
});

storage('has a quota for each plugin, even if one name is the beginning of another', () => {
  const state = new HostState();
  for (const plugin of ['a', 'a:b', 'ab']) assert.is(put(state, plugin, 'k', 10 - plugin.length - 2, 10), 'stored');
  for (const plugin of ['a', 'a:b', 'ab']) assert.is.not(put(state, plugin, 'l', 0, 10), 'stored');
});

storage('shows neither keys nor values in its errors', () => {
  const refuse = () => new HostState().put('plugin', 'sk-secret', new Uint8Array(100), 1);
  const { message } = new HostFunctionError(failureOf(HostFunctionError, refuse));
  assert.is(message, 'the storage would hold 116 bytes, at most 1 are allowed');
});

storage('lists and forgets what a plugin stored', () => {
  const state = new HostState();
  state.put('a', 'x', bytes(1), 100);
  state.put('a', 'y', bytes(2, 3), 100);
  state.put('b', 'x', bytes(), 100);
  state.put('a', 'x', bytes(4), 100);
  assert.equal(state.entries('a'), [
    ['x', bytes(4)],
    ['y', bytes(2, 3)],
  ]);
  assert.equal(state.list(), [
    { name: 'a', keys: 2, usedBytes: 9 },
    { name: 'b', keys: 1, usedBytes: 3 },
  ]);
  state.entries('a')[0]?.[1].fill(9);
  assert.equal(state.get('a', 'x'), bytes(4), 'entries are copies');
  state.clear('a');
  assert.equal(state.entries('a'), []);
  assert.is(put(state, 'a', 'x', 8, 11), 'stored', 'the quota is free again');
});

storage('is saved and restored as plain JSON', () => {
  const state = new HostState();
  for (const [plugin, key] of [
    ['a', '__proto__'],
    ['__proto__', 'x'],
    ['', ''],
    ['a', '\u0000é'],
  ])
    state.put(
      plugin ?? '',
      key ?? '',
      Uint8Array.from({ length: 256 }, (_, index) => index),
      1_000,
    );
  const restored = HostState.restore(JSON.parse(JSON.stringify(state.save())));
  assert.equal(restored.save(), state.save());
  assert.equal(restored.list(), state.list());
  assert.equal(HostState.restore(new HostState().save()).list(), []);
});

for (const [what, saved, message] of [
  ['nothing', null, 'saved must be what save() returned, with version 1'],
  ['a newer version', { version: 2, plugins: [] }, 'saved must be what save() returned, with version 1'],
  ['no list of plugins', { version: 1, plugins: {} }, 'saved.plugins must be a list'],
  ['a plugin without a name', { version: 1, plugins: [{}] }, 'saved.plugins[0] must be an object with a name'],
  [
    'a plugin that occurs twice',
    {
      version: 1,
      plugins: [
        { name: 'a', entries: [['k', '']] },
        { name: 'a', entries: [] },
      ],
    },
    'saved.plugins[1].name must be a name that occurs once',
  ],
  [
    'a key that occurs twice',
    {
      version: 1,
      plugins: [
        {
          name: 'a',
          entries: [
            ['__proto__', ''],
            ['__proto__', 'AA=='],
          ],
        },
      ],
    },
    'saved.plugins[0].entries[1] must be of a key that occurs once',
  ],
  [
    'no entries',
    { version: 1, plugins: [{ name: 'a' }] },
    'saved.plugins[0].entries must be a list of keys and values',
  ],
  ...[null, 'k', ['k'], [1, ''], ['k', 1], ['k', 'AB'], ['k', 'AB==']].map((entry) => [
    `the entry ${JSON.stringify(entry)}`,
    { version: 1, plugins: [{ name: 'a', entries: [entry] }] },
    'saved.plugins[0].entries[0] must be a key and a value in base64',
  ]),
] as const) {
  storage(`cannot be restored from ${what}`, () => {
    // The cast: a host without a type checker passes what it read.
    assert.equal(
      thrownBy(() => HostState.restore(saved as never)),
      new TypeError(String(message)),
    );
  });
}

storage.run();
