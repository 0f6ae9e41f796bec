import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RemotePluginHost } from '../../../src/host/remote/remote-host.ts';
import { wire } from '../../../src/protocol/messages/index.ts';
import { hostOf, refusalOf, routerOf } from '../host-under-test.ts';
import { RemotesInMemory } from './in-memory.ts';
import { key, numberingHost, patient, pause, sign, until } from './remote-host.ts';

const closing = suite('a host with remotes that is closed');

closing('twice at once waits for its calls both times', async () => {
  const { host, remotes } = await numberingHost();
  remotes.held = 'call';
  const call = sign(host);
  await until(() => remotes.waiting === 1);
  const closed = [host.close(), host.close()];
  let isClosed = false;
  void closed[1]?.then(() => {
    isClosed = true;
  });
  await pause(5);
  assert.is(isClosed, false);
  remotes.letGo();
  await Promise.all(closed);
  assert.is((await call).kind, 'ok');
  await host.close();
});

closing('starts no remote for a lease that is still held', async () => {
  const { host, remotes } = await numberingHost();
  const lease = host.lease(key);
  await host.close();
  const before = remotes.started.length;
  const { shaped } = wire.v1.sign.dryRunRequest();
  const late = lease.dispatch(wire.v1.sign, { shaped, signer_state: {} });
  assert.is((await refusalOf(late)).kind, 'Closed');
  await lease.release();
  assert.is(remotes.started.length, before);
});

closing('starts no remote for registrations that are under way', async () => {
  const remotes = new RemotesInMemory();
  const host = new RemotePluginHost(remotes, 2, { ...patient, admissionsMax: 1 });
  remotes.held = 'admit';
  const registrations = ['a', 'b'].map((name) => refusalOf(host.register({ name }, routerOf('1.0.0'))));
  await until(() => remotes.waiting === 1);
  const closed = host.close();
  remotes.letGo();
  await closed;
  assert.equal(await Promise.all(registrations), [{ kind: 'Closed' }, { kind: 'Closed' }]);
  assert.is(remotes.started.length, 1);
  assert.ok(remotes.started.every(({ wasEnded }) => wasEnded));
});

closing('leaves no timer of a remote that ended while it started', async () => {
  const { setTimeout: originalSet, clearTimeout: originalClear } = globalThis;
  const running = new Set<unknown>();
  const set = (run: () => void, ms?: number): unknown => {
    const timer = originalSet(run, ms);
    // Others end by themselves, soon.
    if (ms === 54_321) running.add(timer);
    return timer;
  };
  Object.assign(globalThis, {
    setTimeout: set,
    clearTimeout: (timer: ReturnType<typeof originalSet>) => {
      running.delete(timer);
      originalClear(timer);
    },
  });
  try {
    const remotes = new RemotesInMemory();
    const host = new RemotePluginHost(remotes, 1, { ...patient, startMs: 54_321 });
    remotes.held = 'open';
    const registration = refusalOf(host.register(key, routerOf('1.0.0')));
    await until(() => remotes.waiting === 1);
    assert.ok(running.size > 0);
    remotes.started[0]?.die('exit code 1');
    assert.is((await registration).kind, 'RemoteEnded');
    await host.close();
    assert.is(running.size, 0);
  } finally {
    Object.assign(globalThis, { setTimeout: originalSet, clearTimeout: originalClear });
  }
});

closing.run();

const removed = suite('a plugin in a remote that is removed');

removed('is disposed of there, even if it starts at that time for a call that was aborted', async () => {
  const { host, remotes, number } = await numberingHost();
  assert.is(await number(), '1');
  remotes.started[1]?.die('exit code 7');
  await pause(1);
  remotes.held = 'start';
  const abort = new AbortController();
  const call = number({ signal: abort.signal });
  await until(() => remotes.waiting === 1);
  abort.abort();
  assert.is(await call, 'Aborted');
  const gone = host.remove(key);
  await pause(5);
  remotes.letGo();
  remotes.held = 'dispose';
  const endsAt = performance.now() + 1_000;
  await until(() => remotes.waiting === 1 || performance.now() > endsAt);
  assert.is(remotes.waiting, 1);
  remotes.letGo();
  assert.is(await gone, true);
  await host.close();
});

removed.run();

const refused = suite('a plugin that remotes cannot start');

refused('because its number of instances is malformed is refused as on the thread of the host', async () => {
  const instances = (): number => 1.5;
  const remote = new RemotePluginHost(new RemotesInMemory(), 1, { ...patient, instances });
  for (const host of [remote, hostOf({ instances })]) {
    assert.is((await refusalOf(host.register(key, routerOf('1.0.0')))).kind, 'CannotStart');
    await host.close();
  }
});

refused.run();
