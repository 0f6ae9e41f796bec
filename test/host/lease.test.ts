import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { filterHook } from '../../src/hooks/index.ts';
import { filterSample } from '../../src/hooks/samples.ts';
import { HostMetrics } from '../../src/host/host-metrics.ts';
import { DirectEngine, type DirectRunner, PluginHost, PluginLease, type WireRunner } from '../../src/host/index.ts';
import { ServedPlugin } from '../../src/host/served-plugin.ts';
import type { DispatchOutcome } from '../../src/protocol/dispatch.ts';
import { type WireFunction, wire } from '../../src/protocol/messages/index.ts';
import { noTelemetry } from '../../src/telemetry.ts';
import { fixture } from '../support/fixture.ts';
import { unhurried } from '../support/layers.ts';
import { filterRequest, hostOf, refusalOf, routerOf } from './host-under-test.ts';

const hooksFilter = await fixture('hooks/filter/filter.wasm');
const { filter } = wire.v3;
const key = { name: 'a' };

/** A host, and how many plugins it has disposed of. */
function countingHost() {
  const count = { disposals: 0 };
  class CountingEngine extends DirectEngine {
    override async start(...args: Parameters<DirectEngine['start']>): Promise<DirectRunner> {
      const runner = await super.start(...args);
      const dispose = runner.dispose.bind(runner);
      runner.dispose = async (): Promise<void> => {
        count.disposals++;
        await dispose();
      };
      return runner;
    }
  }
  return { host: new PluginHost(unhurried, (context) => new CountingEngine(context)), count };
}

const leasing = suite('a lease of a plugin');

leasing('keeps it through a swap and a removal, until it is released', async () => {
  const { host, count } = countingHost();
  await host.register(key, routerOf('1.0.0'));
  const lease = host.lease(key);
  const { admitted } = lease;
  await host.register(key, hooksFilter);
  await host.remove(key);
  assert.is(count.disposals, 1, 'nobody held the second one');
  assert.is((await lease.dispatch(filter, filterRequest)).kind, 'ok');
  assert.is(lease.dispatchSync(filter, filterRequest).kind, 'ok');
  assert.is(lease.admitted, admitted);
  await lease.release();
  assert.is(count.disposals, 2);
  await lease.release();
  assert.is(count.disposals, 2, 'a second release does nothing');
});

leasing('is one of several, and the last one counts', async () => {
  const { host, count } = countingHost();
  await host.register(key, routerOf('1.0.0'));
  const leases = [host.lease(key), host.lease(key)];
  await host.register(key, routerOf('2.0.0'));
  await leases[0]?.release();
  await leases[0]?.release();
  assert.is(count.disposals, 0);
  await leases[1]?.release();
  assert.is(count.disposals, 1);
});

leasing('is not over for a call that is under way when it is released', async () => {
  const host = hostOf();
  await host.register(key, routerOf('1.0.0'));
  const events: string[] = [];
  let answer = (): void => undefined;
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const { admitted } = host.lease(key);
  const response = filter.dryRunResponse();
  const runner: WireRunner = {
    generation: 1,
    dispatch: async <Req, Res>(fn: WireFunction<Req, Res>): Promise<DispatchOutcome<Res>> => {
      await answered;
      events.push('answered');
      return { kind: 'ok', response: fn.dryRunResponse() };
    },
    dispose: async () => void events.push('disposed'),
  };
  const served = new ServedPlugin(admitted, { runner, dispose: () => runner.dispose() }, new HostMetrics(noTelemetry));
  const lease = new PluginLease(served);
  const call = lease.dispatch(filter, filterRequest);
  await lease.release();
  await served.retire();
  assert.equal(events, []);
  answer();
  assert.equal(await call, { kind: 'ok', response });
  assert.equal(events, ['answered', 'disposed']);
});

leasing('is of what serves when it is taken, of either generation', async () => {
  const host = hostOf();
  await host.register(key, routerOf('1.0.0'));
  assert.is(host.lease(key).admitted, host.get(key));
  await host.register(key, hooksFilter);
  const lease = host.lease(key);
  assert.is(lease.admitted, host.get(key));
  assert.is((await lease.dispatch(filterHook, filterSample())).kind, 'ok');
  assert.is((await refusalOf(lease.dispatch(filter, filterRequest))).kind, 'WrongGeneration');
});

leasing('is refused if nothing serves, and refuses calls once it is released', async () => {
  const host = hostOf();
  const taken = async () => host.lease(key);
  assert.is((await refusalOf(taken())).kind, 'NotRegistered');
  await host.register(key, routerOf('1.0.0'));
  const lease = host.lease(key);
  await lease.release();
  assert.is((await refusalOf(lease.dispatch(filter, filterRequest))).kind, 'Released');
  await host.close();
  assert.is((await refusalOf(taken())).kind, 'Closed');
});

leasing.run();
