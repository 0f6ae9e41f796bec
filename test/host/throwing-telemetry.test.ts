import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { filterHook } from '../../src/hooks/index.ts';
import { filterSample } from '../../src/hooks/samples.ts';
import { MemoryBytes, MemoryRecords, type PluginHostOptions } from '../../src/host/index.ts';
import { noTelemetry } from '../../src/metrics/index.ts';
import { wire } from '../../src/protocol/messages/index.ts';
import { thrownBy } from '../support/failure.ts';
import { fixture } from '../support/fixture.ts';
import { chunkAndEnd, filterRequest, hostOf, refusalOf, routerOf } from './host-under-test.ts';

const hooksFilter = await fixture('hooks/filter/filter.wasm');
const observer = await fixture('rust/metrics/metrics.wasm');
const rejected = await fixture('behaviour/self-check-failure.wasm');
const { filter } = wire.v3;
const { observe } = wire.v1;

const throwing = suite('a telemetry that throws');

const boom = new Error('the disk of the metrics is full');

/** A telemetry that throws whatever is reported, and how often it did. */
function throwingTelemetry() {
  const thrown = { times: 0 };
  const fail = (): never => {
    thrown.times++;
    throw boom;
  };
  return { telemetry: { log: fail, counter: fail, histogram: fail, gauge: fail }, thrown };
}

/** Does all that a host can do, and returns what became of it. */
async function story(options: PluginHostOptions): Promise<unknown[]> {
  const stores = { records: new MemoryRecords(), modules: new MemoryBytes() };
  const host = hostOf({ ...stores, ...options, pluginsSoftMax: 2 });
  const key = { name: 'a' };
  const happened: unknown[] = [];
  for (const wasm of [routerOf('1.0.0'), routerOf('2.0.0'), routerOf('2.0.0'), rejected, observer]) {
    happened.push((await host.register(key, wasm)).kind, host.get(key)?.module_sha256);
  }
  await host.register({ name: 'h' }, hooksFilter);
  happened.push(
    (await host.dispatch(key, observe, chunkAndEnd)).kind,
    host.dispatchSync(key, observe, chunkAndEnd).kind,
  );
  happened.push(
    host.dispatchSync(key, filter, filterRequest).kind,
    (await host.dispatch(key, filter, filterRequest)).kind,
  );
  happened.push(await host.dispatch({ name: 'h' }, filterHook, filterSample()));
  happened.push(await refusalOf(host.register(key, new Uint8Array())));
  const other = hostOf({ ...stores, ...options });
  happened.push((await other.restore()).map(({ kind, id }) => [kind, id]));
  happened.push(await host.remove(key), host.list().length);
  await host.close();
  happened.push(host.list(), await refusalOf(host.dispatch(key, observe, chunkAndEnd)));
  return happened;
}

throwing('changes nothing of what a host and its plugins do', async () => {
  const { telemetry, thrown } = throwingTelemetry();
  const errors: unknown[] = [];
  const happened = await story({ telemetry, onTelemetryError: (error) => errors.push(error) });
  assert.equal(happened, await story({ telemetry: noTelemetry }));
  assert.ok(thrown.times > 50);
  assert.is(errors.length, thrown.times);
  assert.ok(errors.every((error) => error === boom));
});

throwing('is written to the console once', async () => {
  const { error: original } = console;
  const lines: unknown[][] = [];
  console.error = (...line) => lines.push(line);
  try {
    await story({ telemetry: throwingTelemetry().telemetry });
  } finally {
    console.error = original;
  }
  // Once for each of the two hosts.
  assert.is(lines.length, 2);
  const message = 'the telemetry threw; what it throws from now on is not written';
  assert.equal(lines[0], [`cc_lb_plugin.host: ${message}`, { error: boom.message }]);
});

throwing('does no more harm if onTelemetryError throws: that becomes an uncaught error', async () => {
  const { queueMicrotask: original } = globalThis;
  const later: (() => void)[] = [];
  globalThis.queueMicrotask = (work) => later.push(work);
  const worse = new Error('and its handler is broken');
  const onTelemetryError = () => {
    throw worse;
  };
  try {
    const happened = await story({ telemetry: throwingTelemetry().telemetry, onTelemetryError });
    assert.equal(happened, await story({ telemetry: noTelemetry }));
  } finally {
    globalThis.queueMicrotask = original;
  }
  assert.ok(later.length > 50);
  for (const work of later) assert.is(thrownBy(work), worse);
});

throwing('later, because it is asynchronous, ends no process', async () => {
  const fail = async (): Promise<never> => {
    throw boom;
  };
  const errors: unknown[] = [];
  const telemetry = { log: fail, counter: fail, histogram: fail, gauge: fail };
  const happened = await story({ telemetry, onTelemetryError: (error) => errors.push(error) });
  assert.equal(happened, await story({ telemetry: noTelemetry }));
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert.ok(errors.length > 50);
  assert.ok(errors.every((error) => error === boom));
});

throwing.run();
