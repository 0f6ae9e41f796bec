// The gateway with plugins in worker threads and in processes.
import { readFile } from 'node:fs/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeHostWith } from '../plugin-host.ts';
import { closeAll, keyOf, startFakes, startGateway, until } from './support/running-gateway.ts';
import { wirePlugin } from './support/wire-plugin.ts';

const fixture = async (path: string): Promise<Uint8Array> =>
  await readFile(new URL(`../../../fixtures/${path}.wasm`, import.meta.url));

const remote = suite('plugins elsewhere');

for (const [where, makeHost] of [
  ['worker threads', makeHostWith(2, 0)],
  ['processes', makeHostWith(0, 1)],
] as const) {
  remote(`serve a request of each generation in ${where}`, async () => {
    const gateway = await startGateway(await startFakes([1, 2]), {}, ['a', 'b'], makeHost);
    for (const name of ['router', 'dialect', 'signer', 'observer'])
      await gateway.upload(name, await fixture(`${name}/${name}`));
    await gateway.upload('shape', await fixture('hooks/shape-active/shape-active'), 'b');
    const limited = await gateway.send({ model: 'fails-with-429' });
    assert.is(limited.status, 429);
    assert.match(await limited.text(), /^{"type":"error"/);
    const stream = await gateway.send({ model: 'm', stream: true }, { 'x-api-key': keyOf('b') });
    assert.match(await stream.text(), /^event: message_start\n.*\nevent: message_stop\n/s);
    await until('all plugins are free', async () => (await gateway.metric('gateway_requests_active')) === 0);
    assert.equal(gateway.warnings, []);
  });
}

remote('do not hold other requests up in worker threads', async () => {
  const burnMs = 3_000;
  const calls = { wallMs: burnMs, fuel: Number.POSITIVE_INFINITY };
  const gateway = await startGateway(await startFakes([1]), { calls }, ['a', 'b'], makeHostWith(2, 0));
  const endless = { code: '(result i32) (loop $again (br $again)) (i32.const 0)' };
  await gateway.upload('endless', await wirePlugin({ filter: endless }), 'a');
  let isBurning = true;
  const slow = gateway.send({ model: 'm' }).then((response) => {
    isBurning = false;
    return response;
  });
  await until('it is under way', async () => (await gateway.metric('gateway_requests_active')) === 1);
  const quick = await gateway.send({ model: 'm' }, { 'x-api-key': keyOf('b') });
  assert.is(quick.status, 200);
  await quick.text();
  assert.ok(isBurning, 'the other request was answered meanwhile');
  const answer = await slow;
  assert.is(answer.status, 200, 'the fallback of filter: all upstreams are left');
  await answer.text();
});

remote.after.each(closeAll);
remote.run();
