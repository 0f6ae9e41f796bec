import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { filterHook } from '../../../src/hooks/index.ts';
import { filterSample } from '../../../src/hooks/samples.ts';
import type { RemoteAnswer, RemoteCommand } from '../../../src/host/remote/commands.ts';
import type { Remote } from '../../../src/host/remote/remote.ts';
import { RemotePluginHost } from '../../../src/host/remote/remote-host.ts';
import { wire } from '../../../src/protocol/messages/index.ts';
import { writeIdentity } from '../../../src/protocol/write-identity.ts';
import { fixture } from '../../support/fixture.ts';
import { recordedTelemetry } from '../../support/recorded-telemetry.ts';
import { chunkAndEnd, filterRequest, refusalOf, routerOf } from '../host-under-test.ts';
import { withHeldTimers } from './held-timers.ts';
import { RemotesInMemory } from './in-memory.ts';
import {
  hostModule,
  key,
  moduleOf,
  numbering,
  numberingHost,
  numberOf,
  patient,
  pause,
  sign,
  until,
} from './remote-host.ts';

const placing = suite('plugins in remotes');

placing('keep their state from call to call', async () => {
  const { host, number } = await numberingHost({}, 2);
  assert.equal([await number(), await number(), await number()], ['1', '2', '3']);
  await host.close();
});

placing('have instances in several remotes', async () => {
  const { host, remotes, number } = await numberingHost({ instances: 2 }, 2);
  assert.equal([await number(), await number(), await number()], ['1', '1', '2']);
  assert.equal([await number({ affinity: 7 }), await number({ affinity: 7 })], ['2', '3']);
  // One more was for the admission.
  assert.is(remotes.started.length, 3);
  await host.close();
});

placing('run calls of several remotes at once, and those of one in their order', async () => {
  const { host, remotes } = await numberingHost({}, 2);
  await host.register({ name: 'hooks' }, await fixture('hooks/filter/filter.wasm'));
  remotes.held = 'call';
  const calls = [sign(host), sign(host), sign(host)];
  const hooks = ['a', 'b'].map(() => host.dispatch({ name: 'hooks' }, filterHook, filterSample()));
  await until(() => remotes.waiting === 2);
  await pause(5);
  assert.is(remotes.waiting, 2, 'one for each remote');
  remotes.letGo();
  assert.equal((await Promise.all(calls)).map(numberOf), ['1', '2', '3']);
  for (const outcome of await Promise.all(hooks)) assert.is(outcome.kind, 'ok');
  await host.close();
});

placing('are swapped while calls are under way, which end on the old one', async () => {
  const { host, remotes, number } = await numberingHost();
  assert.is(await number(), '1');
  remotes.held = 'call';
  const calls = [sign(host), sign(host)];
  await until(() => remotes.waiting === 1);
  const swap = host.register(key, writeIdentity(numbering, { plugin_name: 'signer', plugin_version: '9.0.0' }));
  remotes.letGo();
  assert.is((await swap).kind, 'swapped');
  assert.equal((await Promise.all(calls)).map(numberOf), ['2', '3']);
  assert.is(await number(), '1', 'the new one has a state of its own');
  await host.close();
});

placing('report to the telemetry of the host', async () => {
  const telemetry = recordedTelemetry();
  const { host } = await numberingHost({ telemetry });
  await host.register({ name: 'hooks' }, await fixture('hooks/filter/filter.wasm'));
  telemetry.measurements.length = 0;
  await host.dispatch({ name: 'hooks' }, filterHook, filterSample());
  assert.equal(
    telemetry.measurements.map(({ name }) => name),
    [
      'cc_lb_plugin_call_duration_seconds',
      'cc_lb_plugin_dispatch_duration_seconds',
      'cc_lb_plugin_call_fuel',
      'cc_lb_plugin_request_bytes',
      'cc_lb_plugin_response_bytes',
    ],
  );
  await host.close();
});

placing('are refused as on the thread of the host', async () => {
  const { host } = await numberingHost();
  const rejected = await host.register({ name: 'bad' }, await fixture('behaviour/self-check-failure.wasm'));
  assert.is(rejected.kind, 'rejected');
  assert.is((await refusalOf(host.dispatch({ name: 'bad' }, wire.v3.filter, filterRequest))).kind, 'NotRegistered');
  await host.close();
});

placing('whose answer could not be sent fail as a panic, with the cause', async () => {
  const remotes = new RemotesInMemory();
  const error = { name: 'Error', message: 'it could not be cloned' };
  const start = (): Remote => {
    const remote = remotes.start();
    const ask = async (command: RemoteCommand): Promise<RemoteAnswer> =>
      command.kind === 'call' ? { kind: 'failed', error, reports: [] } : await remote.ask(command);
    return { ended: remote.ended, ask, end: () => remote.end() };
  };
  const host = new RemotePluginHost({ noun: 'worker', takesModules: true, start }, 1, patient);
  await host.register({ name: 'hooks' }, await fixture('hooks/filter/filter.wasm'));
  const outcome = await host.dispatch({ name: 'hooks' }, filterHook, filterSample());
  const failed = outcome.kind === 'ok' ? undefined : outcome.error;
  assert.equal(failed?.failure, { kind: 'Panic' });
  assert.is(failed?.cause instanceof Error && failed.cause.message, 'it could not be cloned');
  await host.close();
});

placing.run();

const ending = suite('a call in a remote');

/** How long an aborted call may go on before its remote is given up. */
const ABORT_GRACE_MS = 100;

ending('fails at its deadline, and its remote is given up and replaced', () =>
  withHeldTimers(30, async (fire) => {
    const telemetry = recordedTelemetry();
    const { host, remotes, number } = await numberingHost({ callMs: 30, telemetry });
    assert.is(await number(), '1');
    const [, remote] = remotes.started;
    remotes.held = 'call';
    remotes.saysWhenEnded = false;
    const call = sign(host);
    await until(() => remotes.waiting === 1);
    fire();
    const outcome = await call;
    assert.is(outcome.kind, 'fallback');
    if (outcome.kind !== 'fallback') return;
    assert.equal(outcome.error.failure, { kind: 'DeadlineExceeded', deadlineMs: 30 });
    assert.is(outcome.error.message, 'sign: the call took longer than 30 ms');
    assert.is(outcome.policy, wire.v1.sign.fallback);
    const errors = telemetry.counters.filter(({ name }) => name === 'cc_lb_plugin_dispatch_errors_total');
    assert.equal(
      errors.map(({ labels }) => labels),
      [{ function: 'sign', stage: 'plugin_call' }],
    );
    assert.is(remote?.wasEnded, true);
    assert.is(host.abandoned, 1);
    remotes.held = undefined;
    assert.is(await number(), '1', 'the next remote has a new instance');
    remote?.die('late');
    await pause(1);
    assert.is(host.abandoned, 0);
    await host.close();
  }),
);

ending('fails at its deadline while it waits, and costs nothing', async () => {
  const { host, remotes, number } = await numberingHost();
  remotes.held = 'call';
  const first = sign(host);
  await until(() => remotes.waiting === 1);
  const abort = new AbortController();
  const second = sign(host, { signal: abort.signal });
  abort.abort(new Error('the client left'));
  const outcome = await second;
  assert.is(numberOf(outcome), 'Aborted');
  assert.is(
    outcome.kind === 'fallback' && outcome.error.cause instanceof Error && outcome.error.cause.message,
    'the client left',
  );
  remotes.letGo();
  assert.is(numberOf(await first), '1');
  assert.is(await number(), '2', 'the aborted one never ran');
  assert.is(host.abandoned, 0);
  await host.close();
});

ending('fails at its deadline while its remote starts, which goes on', () =>
  withHeldTimers(200, async (fire) => {
    const { host, remotes, number } = await numberingHost({ callMs: 200 });
    assert.is(await number(), '1');
    remotes.started[1]?.die('exit code 7');
    await pause(1);
    for (const slow of ['open', 'start'] as const) {
      remotes.held = slow;
      const call = number();
      await until(() => remotes.waiting === 1);
      fire();
      assert.is(await call, 'DeadlineExceeded');
      remotes.letGo();
    }
    assert.is(await number(), '1');
    assert.is(remotes.started.length, 3, 'one more was started');
    assert.is(host.abandoned, 0);
    await host.close();
  }),
);

ending('that was aborted before runs nothing', async () => {
  const { host, number } = await numberingHost();
  assert.is(await number({ signal: AbortSignal.abort() }), 'Aborted');
  assert.is(await number(), '1');
  await host.close();
});

/** Makes a call that waits in its remote, and aborts it. */
async function abortWhileItRuns(host: RemotePluginHost, remotes: RemotesInMemory): Promise<void> {
  remotes.held = 'call';
  const abort = new AbortController();
  const call = sign(host, { signal: abort.signal });
  await until(() => remotes.waiting === 1);
  abort.abort();
  assert.is(numberOf(await call), 'Aborted');
}

ending('that is aborted while it runs fails at once, and its remote stays if the call ends soon', () =>
  withHeldTimers(ABORT_GRACE_MS, async (fire) => {
    const { host, remotes, number } = await numberingHost();
    await abortWhileItRuns(host, remotes);
    remotes.letGo();
    assert.is(await number(), '2');
    fire();
    assert.is(await number(), '3');
    await host.close();
  }),
);

ending('that is aborted while it runs costs its remote if it does not end soon', () =>
  withHeldTimers(ABORT_GRACE_MS, async (fire) => {
    const { host, remotes, number } = await numberingHost();
    await abortWhileItRuns(host, remotes);
    fire();
    remotes.held = undefined;
    assert.is(await number(), '1', 'it waited until the remote was replaced');
    assert.is(remotes.started[1]?.wasEnded, true);
    await host.close();
  }),
);

ending('that was aborted after its end has its answer', async () => {
  const { host, number } = await numberingHost();
  const abort = new AbortController();
  assert.is(await number({ signal: abort.signal }), '1');
  abort.abort();
  assert.is(await number(), '2');
  await host.close();
});

ending('fails if its remote ends, and the next one works', async () => {
  const { host, remotes, number } = await numberingHost();
  assert.is(await number(), '1');
  remotes.held = 'call';
  const calls = [sign(host), sign(host)];
  await until(() => remotes.waiting === 1);
  remotes.held = undefined;
  remotes.started[1]?.die('exit code 7');
  const outcomes = await Promise.all(calls);
  assert.equal(outcomes.map(numberOf), ['RunnerEnded', '1']);
  const [failed] = outcomes;
  assert.is(
    failed?.kind === 'fallback' && failed.error.message,
    'sign: the worker that ran the plugin ended: exit code 7',
  );
  await host.close();
});

ending('works if its remote ended before', async () => {
  const { host, remotes, number } = await numberingHost();
  assert.is(await number(), '1');
  remotes.started[1]?.die('exit code 7');
  await pause(1);
  assert.is(await number(), '1');
  await host.close();
});

ending('fails if it cannot be sent, and the next one works', async () => {
  const { host, remotes, number } = await numberingHost();
  remotes.sends = false;
  assert.is(await number(), 'RunnerEnded');
  remotes.sends = true;
  assert.is(await number(), '1');
  await host.close();
});

ending('is refused if too many wait', async () => {
  const { host, remotes } = await numberingHost({ waitingCallsMax: 2 });
  remotes.held = 'call';
  const calls = [sign(host), sign(host), sign(host)];
  assert.equal(await refusalOf(sign(host)), { kind: 'Saturated', full: 'calls', max: 2 });
  await until(() => remotes.waiting === 1);
  remotes.letGo();
  assert.equal((await Promise.all(calls)).map(numberOf), ['1', '2', '3']);
  assert.is(numberOf(await sign(host)), '4');
  await host.close();
});

ending('is refused if too many remotes that were given up still run', () =>
  withHeldTimers(20, async (fire) => {
    const { host, remotes, number } = await numberingHost({ callMs: 20, abandonedMax: 2 });
    remotes.held = 'call';
    remotes.saysWhenEnded = false;
    for (const waiting of [1, 2]) {
      const call = number();
      await until(() => remotes.waiting === waiting);
      fire();
      assert.is(await call, 'DeadlineExceeded');
    }
    remotes.letGo();
    assert.equal(await refusalOf(sign(host)), { kind: 'Saturated', full: 'abandoned', max: 2 });
    remotes.started[1]?.die('at last');
    await pause(1);
    assert.is(await number(), '1');
    await host.close();
  }),
);

ending('ends before the host is closed', async () => {
  const { host, remotes } = await numberingHost();
  remotes.held = 'call';
  const calls = [sign(host), sign(host)];
  await until(() => remotes.waiting === 1);
  const closed = host.close();
  assert.is((await refusalOf(sign(host))).kind, 'Closed');
  remotes.letGo();
  await closed;
  assert.equal((await Promise.all(calls)).map(numberOf), ['1', '2']);
  assert.ok(remotes.started.every(({ wasEnded }) => wasEnded));
});

ending.run();

const admitting = suite('an admission in a remote');

admitting('fails at its deadline, and the host goes on', () =>
  withHeldTimers(500, async (fire) => {
    const remotes = new RemotesInMemory();
    const host = new RemotePluginHost(remotes, 1, { ...patient, startMs: 500 });
    remotes.held = 'admit';
    const late = host.register(key, numbering);
    await until(() => remotes.waiting === 1);
    fire();
    assert.equal(await refusalOf(late), { kind: 'DeadlineExceeded', deadlineMs: 500 });
    remotes.letGo();
    assert.is((await host.register(key, numbering)).kind, 'registered');
    await host.close();
  }),
);

admitting('fails if its remote ends', async () => {
  const remotes = new RemotesInMemory();
  const host = new RemotePluginHost(remotes, 1, patient);
  remotes.held = 'admit';
  const registration = host.register(key, numbering);
  await until(() => remotes.waiting === 1);
  remotes.started[0]?.die('exit code 1');
  assert.equal(await refusalOf(registration), { kind: 'RemoteEnded', remote: 'worker', reason: 'exit code 1' });
  await host.close();
});

admitting('begins in the remote that has least to do', async () => {
  const remotes = new RemotesInMemory();
  const host = new RemotePluginHost(remotes, 2, { ...patient, admissionsMax: 2 });
  remotes.held = 'admit';
  const registrations = ['a', 'b'].map((name) => host.register({ name }, routerOf('1.0.0')));
  await until(() => remotes.waiting === 2);
  remotes.letGo();
  for (const registration of registrations) assert.is((await registration).kind, 'registered');
  await host.close();
});

admitting('delays no call', async () => {
  const { host, remotes, number } = await numberingHost();
  remotes.held = 'admit';
  const registration = host.register({ name: 'other' }, routerOf('1.0.0'));
  await until(() => remotes.waiting === 1);
  assert.is(await number(), '1');
  remotes.letGo();
  assert.is((await registration).kind, 'registered');
  await host.close();
});

admitting.run();

const modules = suite('a host module');

const failing: readonly (readonly [what: string, url: string, reason: RegExp])[] = [
  ['does not exist', 'file:///there/is/none.js', /./],
  ['throws', moduleOf("(() => { throw new Error('no database') })()"), /^no database$/],
  ['exports no function', 'data:text/javascript,export const other = 1', /must export a function createHostOptions/],
  ['returns nothing', moduleOf('undefined'), /must return an object/],
  ['returns another option', moduleOf('{ telemetry: {} }'), /but returned telemetry too$/],
  ['returns a malformed one', moduleOf('{ clock: 7 }'), /clock must be a function/],
];
for (const [what, url, reason] of failing)
  modules(`that ${what} fails what needs a remote`, async () => {
    const host = new RemotePluginHost(new RemotesInMemory(), 1, { ...patient, hostModule: url });
    const failure = await refusalOf(host.register(key, numbering));
    assert.is(failure.kind, 'HostModuleFailed');
    if (failure.kind !== 'HostModuleFailed') return;
    assert.is(failure.url, url);
    assert.match(failure.reason, reason);
    await host.close();
  });

modules('gives plugins random values', async () => {
  const observer = await fixture('rust/metrics/metrics.wasm');
  for (const [what, kind] of [
    // Without a dot, behind which Bun takes the rest of a data URL for the extension of a file.
    ['{ bytes[0] = 1 }', 'ok'],
    ["{ throw new Error('no random values') }", 'fallback'],
  ] as const) {
    const url = moduleOf(`{ fillRandom: (bytes) => ${what} }`);
    const host = new RemotePluginHost(new RemotesInMemory(), 1, { ...patient, hostModule: url });
    assert.is((await host.register(key, observer)).kind, 'registered');
    assert.is((await host.dispatch(key, wire.v1.observe, chunkAndEnd)).kind, kind);
    await host.close();
  }
});

modules('replaces functions in the options, which cannot be sent', () => {
  const make = (options: object) => () => new RemotePluginHost(new RemotesInMemory(), 1, options);
  assert.throws(make({ config: () => ({}) }), 'options.config must be left out');
  assert.throws(make({ storage: () => undefined }), 'options.storage must be left out');
  assert.throws(make({ admissionStorage: () => undefined }), 'options.admissionStorage must be left out');
  assert.throws(make({ fillRandom: () => undefined }), 'options.fillRandom must be left out');
  assert.throws(make({ clock: Date.now }), 'options.clock must be left out');
  assert.throws(make({ callMs: 'long' }), 'callMs');
  assert.throws(make({ hostModule: 7 }), 'hostModule');
  assert.throws(make({ calMs: 7 }), 'calMs');
  make({ clock: Date.now, hostModule })();
});

modules.run();
