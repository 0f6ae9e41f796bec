import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SignerFlow, type SignerHost } from '../../src/host/index.ts';
import { wire } from '../../src/protocol/messages/index.ts';
import { writeIdentity } from '../../src/protocol/write-identity.ts';
import { fixture } from '../support/fixture.ts';
import { hostOf, routerOf } from './host-under-test.ts';

const signer = await fixture('signer/signer.wasm');
const { shaped } = wire.v1.sign.dryRunRequest();
const { error: unauthorized } = wire.v1.onUnauthorized.dryRunRequest();

const purpose = { upstream: { kind: 'anthropic_direct' }, factory_state: { key: 'sk-1', serial: 2n ** 60n } } as const;
const key = { name: 'signer' };

/** A host with the signer, and the names of the functions that it was asked for. */
async function signingHost() {
  const host = hostOf();
  await host.register(key, signer);
  const asked: string[] = [];
  const spy: SignerHost = {
    lease: (each) => {
      const lease = host.lease(each);
      return {
        admitted: lease.admitted,
        dispatch: (fn, request, options) => {
          asked.push(fn.name);
          return lease.dispatch(fn, request, options);
        },
        release: () => lease.release(),
      };
    },
  };
  return { host, spy, asked };
}

/** The value of a header that the signer adds. */
const keyOf = ({ headers }: typeof shaped): string | undefined => {
  const found = headers.find(({ name }) => name === 'x-api-key');
  return found && atob(found.value_base64);
};

const flow = suite('the flow of a signer');

flow('builds it once, and signs with its state', async () => {
  const { spy, asked } = await signingHost();
  const signing = new SignerFlow(spy, key, purpose);
  const outcomes = await Promise.all([signing.sign(shaped), signing.sign(shaped)]);
  assert.equal(asked, ['build_signer', 'sign', 'sign']);
  for (const outcome of outcomes) {
    if (outcome.kind !== 'signed') throw outcome.error;
    assert.is(keyOf(outcome.request), 'sk-1');
    assert.is(outcome.request.url, shaped.url, 'what the signer leaves alone stays');
  }
});

flow('keeps the state that a refusal leaves', async () => {
  const { spy } = await signingHost();
  const signing = new SignerFlow(spy, key, purpose);
  await signing.sign(shaped);
  const decisions = await Promise.all([signing.onUnauthorized(unauthorized), signing.onUnauthorized(unauthorized)]);
  assert.equal(decisions, [
    { kind: 'decided', decision: 'retry' },
    { kind: 'decided', decision: 'fail' },
  ]);
});

flow('is built anew when its plugin is swapped', async () => {
  const { host, spy, asked } = await signingHost();
  const signing = new SignerFlow(spy, key, purpose);
  await signing.onUnauthorized(unauthorized);
  await host.register(key, writeIdentity(signer, { plugin_name: 'signer', plugin_version: '9.0.0' }));
  assert.equal(await signing.onUnauthorized(unauthorized), { kind: 'decided', decision: 'retry' });
  assert.equal(asked, ['build_signer', 'on_unauthorized', 'build_signer', 'on_unauthorized']);
});

flow('signs with the state of the plugin that a request holds, though another one serves', async () => {
  const { host, asked, spy } = await signingHost();
  const signing = new SignerFlow(spy, key, purpose);
  const held = spy.lease(key);
  assert.is((await signing.sign(shaped, held)).kind, 'signed');
  await host.register(key, routerOf('9.0.0'));
  assert.equal(await signing.onUnauthorized(unauthorized, held), { kind: 'decided', decision: 'retry' });
  assert.is((await signing.sign(shaped)).kind, 'failed', 'a router serves now');
  assert.is((await signing.sign(shaped, held)).kind, 'signed');
  await held.release();
  assert.equal(asked, ['build_signer', 'sign', 'on_unauthorized', 'build_signer', 'sign']);
});

flow('is not changed by a swap between building and signing', async () => {
  const { host } = await signingHost();
  const slow: SignerHost = {
    lease: (each) => {
      const lease = host.lease(each);
      return {
        admitted: lease.admitted,
        dispatch: async (fn, request, options) => {
          const outcome = await lease.dispatch(fn, request, options);
          if (fn.name === 'build_signer') await host.register(key, routerOf('9.0.0'));
          return outcome;
        },
        release: () => lease.release(),
      };
    },
  };
  assert.is((await new SignerFlow(slow, key, purpose).sign(shaped)).kind, 'signed');
});

flow('fails a request that cannot be signed, and tries again', async () => {
  const { spy, asked } = await signingHost();
  const broken = new SignerFlow(spy, key, { ...purpose, factory_state: 'not an object' });
  assert.is((await broken.sign(shaped)).kind, 'failed');
  assert.is((await broken.onUnauthorized(unauthorized)).kind, 'pass_through');
  assert.equal(asked, ['build_signer', 'build_signer']);
});

flow('fails a request whose plugin cannot sign', async () => {
  const host = hostOf();
  await host.register(key, routerOf('1.0.0'));
  const outcome = await new SignerFlow(host, key, purpose).sign(shaped);
  assert.is(outcome.kind === 'failed' && outcome.error.failure.kind, 'MissingNegotiatedVersion');
});

flow('passes an answer on if the plugin fails', async () => {
  const { spy } = await signingHost();
  const signing = new SignerFlow(spy, key, purpose);
  const outcome = await signing.onUnauthorized({ ...unauthorized, status: -1 });
  assert.is(outcome.kind === 'pass_through' && outcome.error.failure.kind, 'RequestValue');
});

flow('rejects if there is no such plugin, and works once there is', async () => {
  const host = hostOf();
  const signing = new SignerFlow(host, key, purpose);
  let message = '';
  await signing.sign(shaped).catch((error: Error) => {
    ({ message } = error);
  });
  assert.is(message, 'signer: there is no such plugin: register it first');
  await host.register(key, signer);
  assert.is((await signing.sign(shaped)).kind, 'signed');
});

flow.run();
