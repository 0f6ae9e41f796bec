import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { registerSoak, soakDispatches } from '../../../scripts/soak/dispatches.ts';
import { filterHook } from '../../../src/hooks/index.ts';
import { filterSample } from '../../../src/hooks/samples.ts';
import {
  hostInWorkers,
  MemoryBytes,
  MemoryRecords,
  type RemotePluginHost,
  type WorkerHostOptions,
} from '../../../src/host/index.ts';
import type { RemoteAnswer } from '../../../src/host/remote/commands.ts';
import { remoteOptions } from '../../../src/host/remote/options.ts';
import { CHANNEL_BYTES } from '../../../src/host/workers/channel.ts';
import { threadsHere } from '../../../src/host/workers/thread.ts';
import { WorkerRemote } from '../../../src/host/workers/worker-remote.ts';
import { wire } from '../../../src/protocol/messages/index.ts';
import { writeIdentity } from '../../../src/protocol/write-identity.ts';
import { sha256Hex } from '../../../src/sha256.ts';
import { filterWith, hookModule } from '../../hooks/hook-module.ts';
import { fixture } from '../../support/fixture.ts';
import { echo, guest } from '../../support/guest-wat.ts';
import { filterRequest, hostOf, refusalOf, routerOf } from '../host-under-test.ts';
import { key, moduleOf, numbering, numberOf, patient, sign, until } from '../remote/remote-host.ts';
import { contextUnderTest, metadataWith, moduleUnderTest } from '../remote/same-outcomes.ts';
import { endlessKinds, endlessModule, endsWhenTerminated } from './endless.ts';

/** Makes a host, and closes it after the test. */
async function withHost(options: WorkerHostOptions, test: (host: RemotePluginHost) => Promise<void>): Promise<void> {
  const host = hostInWorkers({ ...patient, workers: 1, ...options });
  try {
    await test(host);
  } finally {
    await host.close();
  }
}

/**
 * The stores of a host with a hook plugin that was admitted, but now loops until its time is up.
 */
async function storesWithLoop() {
  const stores = { records: new MemoryRecords(), modules: new MemoryBytes() };
  const host = hostOf(stores);
  await host.register({ name: 'loop' }, await fixture('hooks/filter/filter.wasm'));
  const loop = await filterWith('(loop $again (br $again)) unreachable');
  const sha256 = await sha256Hex(loop);
  await stores.modules.put(sha256, loop);
  for (const [id, text] of await stores.records.entries()) {
    const { module_sha256: before } = JSON.parse(text);
    await stores.records.put(id, text.replace(before, sha256));
  }
  return stores;
}

/** Makes a host with that plugin, whose time is given, and closes it after the test. */
async function withLoop(
  { wallMs, ...options }: WorkerHostOptions & { readonly wallMs: number },
  test: (host: RemotePluginHost) => Promise<void>,
): Promise<void> {
  const hooks = { ...patient.hooks, call: { wallMs, fuel: Number.POSITIVE_INFINITY } };
  await withHost({ hooks, ...(await storesWithLoop()), ...options }, async (host) => {
    assert.equal(
      (await host.restore()).map(({ kind }) => kind),
      ['restored'],
    );
    await test(host);
  });
}

const serving = suite('plugins in worker threads');

serving('keep their state, are swapped and removed', () =>
  withHost({}, async (host) => {
    assert.is((await host.register(key, numbering)).kind, 'registered');
    assert.is((await host.register({ name: 'router' }, routerOf('1.0.0'))).kind, 'registered');
    assert.equal(numberOf(await sign(host)), '1');
    const calls = [sign(host), sign(host), host.dispatch({ name: 'router' }, wire.v3.filter, filterRequest)] as const;
    const swap = host.register(key, writeIdentity(numbering, { plugin_name: 'signer', plugin_version: '9.0.0' }));
    const [second, third, routed] = await Promise.all(calls);
    assert.equal([numberOf(second), numberOf(third), routed.kind], ['2', '3', 'ok']);
    assert.is((await swap).kind, 'swapped');
    assert.is(numberOf(await sign(host)), '1');
    assert.is(await host.remove(key), true);
    assert.is((await refusalOf(sign(host))).kind, 'NotRegistered');
  }),
);

serving('answer many at once, each its own request', () =>
  withHost({ workers: 2 }, async (host) => {
    await registerSoak(host, {
      dialect: await fixture('dialect/dialect.wasm'),
      shape: await fixture('hooks/shape-active/shape-active.wasm'),
    });
    const counts = await soakDispatches(host, 3_000, 40);
    assert.equal(counts, { sent: 3_000, lost: 0, crossed: 0, faults: [] });
  }),
);

serving('end their calls before the host is closed', async () => {
  const host = hostInWorkers({ ...patient, workers: 1 });
  await host.register(key, numbering);
  const calls = [sign(host), sign(host)];
  await host.close();
  assert.equal((await Promise.all(calls)).map(numberOf), ['1', '2']);
  assert.is((await refusalOf(sign(host))).kind, 'Closed');
});

serving('do not block the thread of the host', () =>
  withLoop({ wallMs: 500 }, async (host) => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 5);
    const outcome = await host.dispatch({ name: 'loop' }, filterHook, filterSample());
    clearInterval(timer);
    assert.equal(outcome.kind === 'error' && outcome.error.failure.kind, 'GuestTrap');
    assert.ok(ticks >= 20, `${ticks} ticks of 5 ms in 500 ms`);
  }),
);

async function openRemote(calls: object = {}): Promise<WorkerRemote> {
  const remote = new WorkerRemote(threadsHere(undefined));
  const options = remoteOptions({}, { ...contextUnderTest(), calls }, undefined);
  assert.is((await remote.ask({ kind: 'open', options, givesModules: false })).kind, 'done');
  return remote;
}

async function startIn(remote: WorkerRemote, name: string, wasm: Uint8Array): Promise<void> {
  const module = moduleUnderTest(name, 1, wasm);
  const metadata = metadataWith(name, {});
  const started = await remote.ask({ kind: 'start', plugin: 1, module, metadata, builds: true });
  assert.is(started.kind, 'started');
}

serving.run();

const sizes = suite('messages of any size');

const NAME = 'echo';

sizes('cross, also at the end of the shared memory', async () => {
  const remote = await openRemote({ memoryMaxPages: 2_048 });
  await startIn(remote, 'echo', await guest({ exports: { [NAME]: echo } }));
  const room = CHANNEL_BYTES - NAME.length;
  const lengths = [0, 1, 300, 65_536, room - 1, room, room + 1, CHANNEL_BYTES - 1, CHANNEL_BYTES, CHANNEL_BYTES + 1];
  for (const length of [...lengths, 1024 * 1024, 10 * 1024 * 1024, 7]) {
    const request = new Uint8Array(length).map((_, index) => (index * 7) ^ (index >> 8));
    const expected = request.slice();
    const answer = await remote.ask({ kind: 'call', plugin: 1, function: NAME, request });
    assert.is(answer.kind, 'answered', `${length} bytes`);
    assert.ok(isAnswer(answer, expected), `${length} bytes`);
  }
  remote.end();
});

const isAnswer = (answer: RemoteAnswer, expected: Uint8Array): boolean =>
  answer.kind === 'answered' &&
  answer.answer.length === expected.length &&
  answer.answer.every((byte, index) => byte === expected[index]);

/** Answers with the bytes of the request. */
const echoingFilter = `(memory (export "memory") 8)
  (func (export "cc_lb_filter") (param i32 i32) (result i64)
    (i64.or
      (i64.shl (i64.extend_i32_u (local.get 0)) (i64.const 32))
      (i64.extend_i32_u (local.get 1))))`;

sizes('cross with reports that have no room beside the answer', async () => {
  const remote = await openRemote();
  // A hook reports how long it took, with the name of its plugin.
  const module = moduleUnderTest('n'.repeat(1_000), 2, await hookModule({ filter: 'active' }, echoingFilter));
  await remote.ask({ kind: 'start', plugin: 1, module, metadata: undefined, builds: true });
  for (const length of [1_000, CHANNEL_BYTES - 500]) {
    const answer = await remote.ask({ kind: 'call', plugin: 1, function: 'filter', request: new Uint8Array(length) });
    assert.is(answer.kind, 'answered');
    assert.is(answer.kind === 'answered' && answer.answer.length, length);
    const labels = answer.reports.flatMap((report) => (report.kind === 'histogram' ? [report.labels.plugin] : []));
    assert.equal(labels, ['n'.repeat(1_000)]);
  }
  remote.end();
});

sizes.run();

const ending = suite('a worker thread');

/** The plugin loops for so long, in milliseconds, and the host waits for the worker to end. */
const [LOOP_MS, END_MS] = [1_500, 20_000];

/** The number of the first signature that is made in time: a new worker takes its time to start. */
async function firstNumber(host: RemotePluginHost): Promise<string | undefined> {
  const number = numberOf(await sign(host));
  return number === 'DeadlineExceeded' ? await firstNumber(host) : number;
}

ending('whose plugin runs too long is given up, and a new one takes its place', () =>
  withLoop({ wallMs: LOOP_MS, callMs: 400 }, async (host) => {
    await host.register(key, numbering);
    assert.is(await firstNumber(host), '1');
    const begunAt = performance.now();
    const outcome = await host.dispatch({ name: 'loop' }, filterHook, filterSample());
    assert.is(outcome.kind === 'error' && outcome.error.failure.kind, 'DeadlineExceeded');
    const took = performance.now() - begunAt;
    assert.ok(took < LOOP_MS, `it failed after ${took} ms`);
    assert.is(await firstNumber(host), '1', 'in a new worker');
    await until(() => host.abandoned === 0 || performance.now() - begunAt > END_MS);
    assert.is(host.abandoned, 0, 'the worker is known to have ended');
  }),
);

ending('whose call is aborted is given up if the call does not end', () =>
  withLoop({ wallMs: LOOP_MS }, async (host) => {
    const begunAt = performance.now();
    const signal = AbortSignal.timeout(100);
    const outcome = await host.dispatch({ name: 'loop' }, filterHook, filterSample(), { signal });
    assert.is(outcome.kind === 'error' && outcome.error.failure.kind, 'Aborted');
    const took = performance.now() - begunAt;
    assert.ok(took < LOOP_MS, `it failed after ${took} ms`);
    await until(() => host.abandoned === 1 || performance.now() - begunAt > LOOP_MS);
    await until(() => host.abandoned === 0 || performance.now() - begunAt > END_MS);
    assert.is(host.abandoned, 0);
  }),
);

/** What ends a worker from within. */
const exits = moduleOf(
  "{ config: ({ name }) => ({ header: name === 'exits' && globalThis['process']['exit'](7) || 'x-key' }) }",
);

ending('that ends by itself fails what ran, and a new one takes its place', async () => {
  const saysSo = 'process' in globalThis && !('Deno' in globalThis);
  if (!saysSo) return console.log('skipped: a worker that ends by itself: Deno and browsers do not say so');
  return await withHost({ hostModule: exits }, async (host) => {
    await host.register(key, numbering);
    assert.is(numberOf(await sign(host)), '1');
    const failure = await refusalOf(host.register({ name: 'exits' }, numbering));
    assert.is(failure.kind, 'RemoteEnded');
    assert.is(numberOf(await sign(host)), '1');
  });
});

ending('whose script cannot be loaded fails what needs it', async () => {
  const workerScript = new URL('no-such-script.js', import.meta.url);
  await withHost({ workerScript }, async (host) => {
    const failure = await refusalOf(host.register(key, numbering));
    assert.is(failure.kind, 'RemoteEnded');
    assert.match(JSON.stringify(failure), 'option workerScript');
  });
});

// The other runtimes are tried in processes of their own: test/scripts/endless-threads.test.ts.
if (globalThis.crossOriginIsolated === true)
  for (const kind of endlessKinds)
    ending(`of a browser ends in a ${kind} when it is terminated`, async () => {
      assert.is(await endsWhenTerminated(kind, new WebAssembly.Module(new Uint8Array(await endlessModule()))), true);
    });

ending.run();

const options = suite('the options of workers');

options('are checked', () => {
  assert.throws(() => hostInWorkers({ workers: 0 }), 'options.workers must be a whole number from 1 up');
  assert.throws(() => hostInWorkers({ abandonedMax: 0.5 }), 'abandonedMax');
  assert.throws(() => hostInWorkers({ workerScript: 'no URL' }));
});

options.run();
