import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type PluginHostOptions, SignerFlow } from '../../src/host/index.ts';
import { wire } from '../../src/protocol/messages/index.ts';
import { fixture } from '../support/fixture.ts';
import { recordedTelemetry } from '../support/recorded-telemetry.ts';
import { hostOf, refusalOf } from './host-under-test.ts';

const signer = await fixture('rust/signer/signer.wasm');
const key = { name: 'signer' };
const { shaped } = wire.v1.sign.dryRunRequest();
const { error } = wire.v1.onUnauthorized.dryRunRequest();

/** A host with a signer that numbers its signatures in a variable, and what asks for one. */
async function numberingHost(options: PluginHostOptions) {
  const host = hostOf({ ...options, config: () => ({ header: 'x-key' }) });
  await host.register(key, signer);
  const numberOf = (affinity?: number): string | undefined => {
    const request = { shaped, signer_state: { key: 'k' } };
    const outcome = host.dispatchSync(key, wire.v1.sign, request, { affinity });
    if (outcome.kind !== 'ok') throw outcome.error;
    const header = outcome.response.headers?.find(({ name }) => name === 'x-signature-number');
    return header && atob(header.value_base64);
  };
  /** A state that is a text makes the plugin trap. */
  const trap = (affinity?: number) =>
    host.dispatchSync(key, wire.v1.onUnauthorized, { error, signer_state: 'a text' }, { affinity }).kind;
  return { host, numberOf, trap };
}

const several = suite('several instances');

several('take turns, each with its own state', async () => {
  const { numberOf } = await numberingHost({ instances: 3 });
  const numbers = Array.from({ length: 7 }, () => numberOf());
  assert.equal(numbers, ['1', '1', '1', '2', '2', '2', '3']);
});

several('are one by default', async () => {
  const { numberOf } = await numberingHost({});
  assert.equal([numberOf(), numberOf(7), numberOf()], ['1', '2', '3']);
});

several('keep calls of one affinity together', async () => {
  const { numberOf } = await numberingHost({ instances: 2 });
  assert.equal([numberOf(0), numberOf(0), numberOf(2), numberOf(1), numberOf(3)], ['1', '2', '3', '1', '2']);
});

several('are as many as the host says for each plugin', async () => {
  const { numberOf } = await numberingHost({ instances: ({ name }) => (name === 'signer' ? 2 : 1) });
  assert.equal([numberOf(), numberOf(), numberOf()], ['1', '1', '2']);
});

several('serve each flow of a signer on one of them', async () => {
  const { host, numberOf } = await numberingHost({ instances: 2 });
  const purpose = { upstream: { kind: 'anthropic_direct' }, factory_state: { key: 'k' } } as const;
  const flows = [new SignerFlow(host, key, purpose), new SignerFlow(host, key, purpose)];
  for (const flow of flows) for (const _ of 'abc') assert.is((await flow.sign(shaped)).kind, 'signed');
  assert.equal([numberOf(0), numberOf(1)], ['4', '4']);
});

several('refuse affinities and counts that are out of range', async () => {
  const { numberOf } = await numberingHost({ instances: 2 });
  for (const affinity of [-1, 0.5, Number.NaN, 2 ** 53])
    assert.throws(() => numberOf(affinity), /^options\.affinity must be a whole number/);
  for (const instances of [0, 1.5, 1025, Number.POSITIVE_INFINITY])
    assert.throws(() => hostOf({ instances }), /^options\.instances must be a whole number from 1 to 1024/);
  const host = hostOf({ instances: () => 0 });
  assert.is((await refusalOf(host.register(key, signer))).kind, 'CannotStart');
  assert.equal(host.list(), []);
});

several.run();

const stopped = suite('an instance that was stopped');

stopped('keeps its state by default', async () => {
  const { numberOf, trap } = await numberingHost({});
  assert.equal([numberOf(), trap(), numberOf()], ['1', 'fallback', '2']);
});

stopped('is replaced if the host wants that, and the others are not', async () => {
  const { numberOf, trap } = await numberingHost({ instances: 2, replaceAfterTrap: true });
  assert.equal([numberOf(0), numberOf(1)], ['1', '1']);
  assert.is(trap(0), 'fallback');
  assert.equal([numberOf(0), numberOf(1), numberOf(1)], ['1', '2', '3']);
});

stopped('is not what answers an error', async () => {
  const { host, numberOf } = await numberingHost({ replaceAfterTrap: true });
  const failing = { upstream: { kind: 'anthropic_direct' }, factory_state: 'no key' } as const;
  numberOf();
  assert.is(host.dispatchSync(key, wire.v1.buildSigner, failing).kind, 'fallback');
  assert.is(numberOf(), '2');
});

stopped('is replaced after each way to be stopped', async () => {
  for (const calls of [{ fuel: 1_000 }, { wallMs: 0 }]) {
    const telemetry = recordedTelemetry();
    const built: string[] = [];
    const config = (): Record<string, string> => {
      built.push('instance');
      return {};
    };
    const host = hostOf({ replaceAfterTrap: true, calls, config, telemetry });
    await host.register(key, signer);
    built.length = 0;
    const request = { shaped, signer_state: { key: 'k' } };
    for (const _ of 'ab') assert.is((await host.dispatch(key, wire.v1.sign, request)).kind, 'fallback');
    assert.is(built.length, 2, JSON.stringify(calls));
    const replaced = telemetry.counters.filter(({ name }) => name === 'cc_lb_plugin_replaced_total');
    assert.is(replaced.length, 2);
    assert.equal(replaced[0]?.labels, { part: 'instance' });
  }
});

stopped('is replaced although the telemetry throws', async () => {
  const telemetry = recordedTelemetry();
  let throws = false;
  const counter = (...given: Parameters<typeof telemetry.counter>): void => {
    if (throws) throw new Error('the metrics are gone');
    telemetry.counter(...given);
  };
  const { host, numberOf, trap } = await numberingHost({
    replaceAfterTrap: true,
    telemetry: { log: telemetry.log, counter },
    onTelemetryError: () => undefined,
  });
  assert.is(numberOf(), '1');
  throws = true;
  assert.is(trap(), 'fallback');
  throws = false;
  assert.is(numberOf(), '1');
  assert.is(host.list().length, 1);
});

stopped.run();
