import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { PluginHostError } from '../../src/host/index.ts';
import { wire } from '../../src/protocol/messages/index.ts';
import { filterRequest, hostOf, refusalOf, routerOf } from './host-under-test.ts';

const { filter } = wire.v3;

/** More instances than a page of Chromium has room for: it has room for about 125 memories. */
const INSTANCES = 70;

const key = { name: 'a' };

const many = suite('many instances of WebAssembly');

many('are made until the engine has no room; then calls fail by name, and the others go on', async () => {
  const host = hostOf({ instances: INSTANCES });
  await host.register(key, routerOf('1.0.0'));
  const served: number[] = [];
  for (let affinity = 0; affinity < INSTANCES; affinity++) {
    try {
      if (host.dispatchSync(key, filter, filterRequest, { affinity }).kind === 'ok') served.push(affinity);
    } catch (error) {
      assert.instance(error, PluginHostError);
      assert.is(error instanceof PluginHostError && error.failure.kind, 'EngineMemory');
      assert.match(String(error), /a: the engine has no room for another instance: remove a plugin first \(/);
    }
  }
  assert.ok(served.length > 50, `${served.length} were made`);
  for (const affinity of served) assert.is((await host.dispatch(key, filter, filterRequest, { affinity })).kind, 'ok');
  const isPage = 'document' in globalThis || 'WorkerGlobalScope' in globalThis;
  const hasRoom = served.length === INSTANCES;
  if (!hasRoom) {
    const refused = await refusalOf(host.register({ name: 'b' }, routerOf('2.0.0')));
    assert.is(refused.kind, 'EngineMemory', 'the plugin is not the reason, so it is not rejected');
  }
  await host.remove(key);
  assert.is((await host.register({ name: 'b' }, routerOf('2.0.0'))).kind, 'registered');
  assert.is(host.dispatchSync({ name: 'b' }, filter, filterRequest).kind, 'ok');
  if (!isPage && 'process' in globalThis) assert.ok(hasRoom);
});

many('are not held by plugins that are registered and never called', async () => {
  let built = 0;
  const config = (): Record<string, string> => {
    built++;
    return {};
  };
  const host = hostOf({ config });
  const bytes = routerOf('1.0.0');
  const count = 'Bun' in globalThis ? 10 : INSTANCES;
  for (let index = 0; index < count; index++)
    assert.is((await host.register({ name: `plugin-${index}` }, bytes)).kind, 'registered');
  assert.is(built, count);
  assert.is(host.dispatchSync({ name: 'plugin-0' }, filter, filterRequest).kind, 'ok');
  assert.is(built, count + 1, 'the first call builds the instance that serves');
});

many.run();
