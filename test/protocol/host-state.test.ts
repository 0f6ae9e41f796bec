import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HostFunctionError, HostState } from '../../src/protocol/host-functions.ts';
import { failureOf } from '../support/failure.ts';

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

storage.run();
