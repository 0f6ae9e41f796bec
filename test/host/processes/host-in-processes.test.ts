import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { filterHook } from '../../../src/hooks/index.ts';
import { filterSample } from '../../../src/hooks/samples.ts';
import { hostInProcesses, type ProcessHostOptions } from '../../../src/host/index.ts';
import { wire } from '../../../src/protocol/messages/index.ts';
import { fixture } from '../../support/fixture.ts';
import { unhurried } from '../../support/layers.ts';
import { filterRequest, refusalOf, routerOf } from '../host-under-test.ts';
import { assertSameOutcomes, contextUnderTest, smallBudgets } from '../remote/same-outcomes.ts';
import { engineInProcesses, hostModuleNamed, isAlive } from './processes-under-test.ts';

const { filter } = wire.v3;
const infinite = Number.POSITIVE_INFINITY;

/** Makes a host whose admissions have no deadline, lets a test use it, and closes it. */
async function using<T>(
  options: ProcessHostOptions,
  test: (host: ReturnType<typeof hostInProcesses>) => Promise<T>,
): Promise<T> {
  const settings = { hooks: { probe: { wallMs: infinite } }, startMs: infinite, spareProcesses: 0 };
  const host = hostInProcesses({ ...unhurried, ...settings, ...options });
  try {
    return await test(host);
  } finally {
    await host.close();
  }
}

const serving = suite('a host with processes');

serving('answers as one on this thread does', async () => {
  const context = contextUnderTest();
  const { engine } = engineInProcesses({ ...smallBudgets, telemetry: context.telemetry, count: 2 });
  await assertSameOutcomes(engine, context);
  await engine.close();
});

serving('registers plugins of both generations, and swaps them', async () => {
  await using({ processes: 2 }, async (host) => {
    const hooksFilter = await fixture('hooks/filter/filter.wasm');
    assert.is((await host.register({ name: 'a' }, routerOf('1.0.0'))).kind, 'registered');
    assert.is((await host.register({ name: 'b' }, hooksFilter)).kind, 'registered');
    assert.is((await host.dispatch({ name: 'a' }, filter, filterRequest)).kind, 'ok');
    assert.is((await host.dispatch({ name: 'b' }, filterHook, filterSample())).kind, 'ok');
    assert.is((await host.register({ name: 'a' }, routerOf('2.0.0'))).kind, 'swapped');
    assert.is((await host.dispatch({ name: 'a' }, filter, filterRequest)).kind, 'ok');
    const rejected = await host.register({ name: 'a' }, await fixture('behaviour/self-check-failure.wasm'));
    assert.is(rejected.kind, 'rejected');
    assert.is(await host.remove({ name: 'b' }), true);
  });
});

serving('keeps the state of a plugin from call to call', async () => {
  await using({ processes: 2, hostModule: hostModuleNamed('by-name') }, async (host) => {
    const key = { name: 'signer' };
    await host.register(key, await fixture('rust/signer/signer.wasm'));
    const { shaped } = wire.v1.sign.dryRunRequest();
    const numbers: unknown[] = [];
    for (const _ of 'abc') {
      const outcome = await host.dispatch(key, wire.v1.sign, { shaped, signer_state: { key: 'k' } });
      if (outcome.kind !== 'ok') throw outcome.error;
      const header = outcome.response.headers?.find(({ name }) => name === 'x-signature-number');
      numbers.push(header && atob(header.value_base64));
    }
    assert.equal(numbers, ['1', '2', '3']);
  });
});

serving('says what is wrong with its host module', async () => {
  for (const [name, reason] of [
    ['missing', /missing/],
    ['throwing', /no database/],
    ['empty', /must export a function createHostOptions/],
  ] as const) {
    const failure = await using({ processes: 1, hostModule: hostModuleNamed(name) }, (host) =>
      refusalOf(host.register({ name: 'a' }, routerOf('1.0.0'))),
    );
    assert.is(failure.kind, 'HostModuleFailed');
    assert.match(failure.kind === 'HostModuleFailed' ? failure.reason : '', reason);
  }
});

serving('says how a process ended that its host module ends', async () => {
  const failure = await using({ processes: 1, hostModule: hostModuleNamed('exiting') }, (host) =>
    refusalOf(host.register({ name: 'a' }, routerOf('1.0.0'))),
  );
  assert.equal(failure, { kind: 'RemoteEnded', remote: 'process', reason: 'it ended with the exit code 7' });
});

serving('says so if processes cannot be started', async () => {
  const processScript = new URL('./no-such-script.ts', import.meta.url);
  const failure = await using({ processes: 1, processScript }, (host) =>
    refusalOf(host.register({ name: 'a' }, routerOf('1.0.0'))),
  );
  assert.is(failure.kind, 'RemoteEnded');
  assert.match(JSON.stringify(failure), /it ended with the exit code 1 \(.* option processScript\)/);
});

serving('gives its processes no variables but those that it names', async () => {
  const { process } = globalThis;
  process.env.CC_LB_TEST_SECRET = 'secret';
  const hostModule = hostModuleNamed('throwing');
  try {
    const failure = await using({ processes: 1, hostModule, env: { CC_LB_TEST_GIVEN: '1' } }, (host) =>
      refusalOf(host.register({ name: 'a' }, routerOf('1.0.0'))),
    );
    const names = failure.kind === 'HostModuleFailed' ? failure.reason.split(' ') : [];
    assert.ok(names.includes('CC_LB_TEST_GIVEN'), names.join());
    assert.not.ok(names.includes('CC_LB_TEST_SECRET'), names.join());
  } finally {
    delete process.env.CC_LB_TEST_SECRET;
  }
});

serving('refuses malformed options by name', () => {
  const cases: readonly [object, RegExp][] = [
    [{ processes: 0 }, /^options\.processes must be/],
    [{ spareProcesses: -1 }, /^options\.spareProcesses must be/],
    [{ env: { a: 1 } }, /^options\.env must be/],
    [{ execArgv: '--flag' }, /^options\.execArgv must be/],
    [{ execArgv: ['--flag', 7] }, /^options\.execArgv must be/],
    [{ processScript: 'not a URL' }, /^options\.processScript must be/],
    [{ hostModule: './relative.ts' }, /^options\.hostModule must be/],
    [{ storage: () => undefined }, /^options\.storage must be/],
    [{ processs: 2 }, /^options\.processs/],
  ];
  for (const [options, message] of cases) assert.throws(() => hostInProcesses(options), message);
});

serving('waits for calls under way when it is closed, and ends its processes', async () => {
  const { engine, processes } = engineInProcesses({ count: 2, spares: 1 });
  const module = { id: { principal: '__global__', name: 'a' }, generation: 1, bytes: routerOf('1.0.0') } as const;
  const { metadata } = await admitted(engine, module);
  const runner = await engine.start(module, metadata, true);
  if (runner.generation !== 1) throw new Error('a router is of generation 1');
  const calls = Array.from({ length: 50 }, () => runner.dispatch(filter, filterRequest, {}));
  await engine.close();
  const outcomes = await Promise.all(calls);
  assert.equal([...new Set(outcomes.map(({ kind }) => kind))], ['ok']);
  for (const { pid } of processes.used) assert.not.ok(isAlive(pid));
});

/** Admits a plugin of generation 1. */
async function admitted(
  engine: ReturnType<typeof engineInProcesses>['engine'],
  module: Parameters<typeof engine.admit>[0],
) {
  const { findings } = await engine.admit(module);
  if (findings?.kind !== 'protocol') throw new Error('the plugin was not admitted');
  return { metadata: findings.record.augmented_metadata };
}

serving.run();
