import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { PluginKey } from '../../src/host/index.ts';
import { wire } from '../../src/protocol/messages/index.ts';
import { fixture } from '../support/fixture.ts';
import { filterRequest, hostOf, refusalOf, routerOf } from './host-under-test.ts';

const MIB = 2 ** 20;
const router = routerOf('1.0.0');

const uploads = suite('a host refuses uploads');

uploads('of 65 MB, before it copies them', async () => {
  const host = hostOf();
  const large = new Uint8Array(65 * MIB);
  const failure = await refusalOf(host.register({ name: 'a' }, large));
  assert.equal(failure, { kind: 'ModuleTooLarge', bytes: 65 * MIB, max: 16 * MIB });
  assert.equal(host.list(), []);
});

uploads('of nothing, and of bytes that are not a plugin', async () => {
  const host = hostOf();
  for (const bytes of [
    new Uint8Array(),
    new ArrayBuffer(0),
    new Uint8Array([0, 0x61, 0x73, 0x6d]),
    router.slice(0, 99),
  ])
    assert.is((await refusalOf(host.register({ name: 'a' }, bytes))).kind, 'NotAPlugin');
  const cut = router.slice(0, router.length / 2);
  assert.is((await host.register({ name: 'a' }, cut)).kind, 'rejected');
  // The casts: a caller without a type checker passes what it has.
  for (const other of [undefined, null, 'AGFzbQ==', [0, 0x61], {}] as unknown as Uint8Array[])
    assert.match(await messageOf(host.register({ name: 'a' }, other)), /^wasm must be the bytes of a module/);
});

uploads('whose modules have too many bytes together, and takes them later', async () => {
  const host = hostOf({ waitingBytesMax: 3 * router.length });
  const names = Array.from({ length: 1_000 }, (_, index) => `plugin-${index}`);
  const results = await Promise.allSettled(names.map((name) => host.register({ name }, router)));
  const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  assert.is(refused.length, 997);
  for (const error of refused)
    assert.equal(await refusalOf(Promise.reject(error)), {
      kind: 'Saturated',
      full: 'bytes',
      max: 3 * router.length,
    });
  assert.is(host.list().length, 3);
  assert.is((await host.register({ name: 'later' }, router)).kind, 'registered');
});

uploads('but not one that is large by itself', async () => {
  const host = hostOf({ waitingBytesMax: 0 });
  assert.is((await host.register({ name: 'a' }, router)).kind, 'registered');
});

uploads.run();

/** Returns the message with which a promise rejects. */
async function messageOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error('it was not refused');
}

const keys = suite('the key of a plugin');

keys('may have slashes, NUL, names of properties, and 1,024 characters', async () => {
  const host = hostOf();
  const names = ['a/b', '../../etc/passwd', 'a\u0000b', '__proto__', 'constructor', '"', '\ufffd', 'x'.repeat(1_024)];
  for (const name of names) assert.is((await host.register({ name, principal: name }, router)).kind, 'registered');
  for (const name of names) {
    const key = { name, principal: name };
    assert.is(host.get(key)?.name, name);
    assert.is((await host.dispatch(key, wire.v3.filter, filterRequest)).kind, 'ok');
    assert.is(await host.remove(key), true);
  }
  assert.equal(host.list(), []);
});

keys('may not be longer, empty, half a character, or no text', async () => {
  const host = hostOf();
  const parts: readonly (readonly [part: unknown, message: RegExp])[] = [
    ['x'.repeat(MIB), /^key\.name must be at most 1024 characters, but has 1048576$/],
    ['', /^key\.name must be a string that is not empty$/],
    ['\ud800', /^key\.name must be Unicode text, but has a lone surrogate$/],
    [7, /^key\.name must be a string that is not empty$/],
  ];
  for (const [name, message] of parts) {
    // The cast: a caller without a type checker passes what it has.
    const key = { name } as PluginKey;
    for (const refused of [
      host.register(key, router),
      host.remove(key),
      host.dispatch(key, wire.v3.filter, filterRequest),
      (async () => host.get(key))(),
      host.register({ name: 'a', principal: key.name }, router),
    ])
      assert.match((await messageOf(refused)).replace('principal', 'name'), message);
  }
});

keys.run();

const clocks = suite('a clock of the host');

const week = 604_800_000;

for (const [what, clock] of Object.entries({
  'returns NaN': () => Number.NaN,
  'returns no number': () => 'today' as unknown as number,
  throws: () => {
    throw new Error('the clock is broken');
  },
})) {
  clocks(`that ${what} admits nothing, and the plugin that served goes on`, async () => {
    let isBroken = false;
    const host = hostOf({ clock: () => (isBroken ? clock() : Date.now()) });
    await host.register({ name: 'a' }, router);
    const before = host.get({ name: 'a' });
    isBroken = true;
    assert.is((await host.register({ name: 'a' }, routerOf('2.0.0'))).kind, 'rejected');
    assert.match(await messageOf(host.register({ name: 'a' }, await fixture('hooks/filter/filter.wasm'))), /clock/);
    assert.is(host.get({ name: 'a' }), before);
    assert.is(host.dispatchSync({ name: 'a' }, wire.v3.filter, filterRequest).kind, 'ok');
    isBroken = false;
    assert.is((await host.register({ name: 'a' }, routerOf('2.0.0'))).kind, 'swapped');
  });
}

clocks('that jumps while plugins serve changes nothing', async () => {
  let now = Date.now();
  const host = hostOf({ clock: () => now });
  await host.register({ name: 'a' }, router);
  for (const jump of [10 * week, -20 * week]) {
    now += jump;
    assert.is((await host.register({ name: 'a' }, router)).kind, 'unchanged');
    assert.is(host.dispatchSync({ name: 'a' }, wire.v3.filter, filterRequest).kind, 'ok');
  }
});

clocks.run();
