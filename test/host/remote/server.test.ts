import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RemoteServer } from '../../../src/host/remote/server.ts';
import { fixture } from '../../support/fixture.ts';
import { guest } from '../../support/guest-wat.ts';
import { metadataWith, moduleUnderTest } from './same-outcomes.ts';

const open = { kind: 'open', options: { options: {}, hostModule: undefined }, givesModules: false } as const;
const call = { kind: 'call', plugin: 1, function: 'filter', request: new Uint8Array() } as const;

/** Why a command failed; the kind of any other answer. */
async function reasonOf(server: RemoteServer, command: Parameters<RemoteServer['answer']>[0]): Promise<string> {
  const answer = await server.answer(command);
  return answer.kind === 'failed' ? answer.error.message : answer.kind;
}

const serving = suite('a server of remotes');

serving('answers a command before it is opened with why it cannot', async () => {
  const server = new RemoteServer();
  for (const command of [call, { kind: 'dispose', plugin: 1 } as const])
    assert.is(await reasonOf(server, command), 'the first command must be open');
  const answer = server.answerCall(call);
  assert.is(answer.kind === 'failed' && answer.error.message, 'the first command must be open');
});

serving('says which plugin it does not have', async () => {
  const server = new RemoteServer();
  await server.answer(open);
  assert.is(await reasonOf(server, call), 'there is no plugin with the number 1');
  assert.is(await reasonOf(server, { kind: 'dispose', plugin: 1 }), 'done');
});

serving('says which hook there is not', async () => {
  const server = new RemoteServer();
  await server.answer(open);
  const module = moduleUnderTest('hooks', 2, await fixture('hooks/filter/filter.wasm'));
  const start = { kind: 'start', plugin: 1, module, metadata: undefined, builds: false } as const;
  assert.is(await reasonOf(server, start), 'started');
  assert.is(await reasonOf(server, { ...call, function: 'other' }), 'there is no hook other');
});

serving('says why a hook plugin cannot be started', async () => {
  const server = new RemoteServer();
  await server.answer(open);
  const module = moduleUnderTest('hooks', 2, await fixture('router/router.wasm'));
  const start = { kind: 'start', plugin: 1, module, metadata: undefined, builds: false } as const;
  const answer = await server.answer(start);
  assert.is(answer.kind, 'failed');
  if (answer.kind !== 'failed') return;
  assert.is(answer.error.name, 'PluginHostError');
  assert.match(JSON.stringify(answer.error.failure), /"kind":"CannotStart","reason":"./);
});

serving('says why an instance cannot be built when it is first called', async () => {
  const server = new RemoteServer();
  await server.answer(open);
  const fields = '(func $begin unreachable) (start $begin)';
  const module = moduleUnderTest('broken', 1, await guest({ fields, exports: { filter: ' ' } }));
  const metadata = metadataWith('broken', { filter: 3 });
  const start = { kind: 'start', plugin: 1, module, metadata, builds: false } as const;
  assert.is(await reasonOf(server, start), 'started');
  const answer = await server.answer(call);
  assert.match(JSON.stringify(answer.kind === 'failed' && answer.error.failure), /"kind":"CannotStart"/);
});

serving.run();
