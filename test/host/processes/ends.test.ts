import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildModule } from '../../../scripts/hostile-compile/build-module.ts';
import type { WireRunner } from '../../../src/host/index.ts';
import type { ProcessRemote } from '../../../src/host/processes/process-remote.ts';
import type { RemoteCommand } from '../../../src/host/remote/commands.ts';
import { MODULE_LIMITS } from '../../../src/metering/index.ts';
import type { DispatchOutcome } from '../../../src/protocol/dispatch.ts';
import { type WireFunction, wire } from '../../../src/protocol/messages/index.ts';
import { fixture } from '../../support/fixture.ts';
import { guest } from '../../support/guest-wat.ts';
import { filterRequest, refusalOf, routerOf } from '../host-under-test.ts';
import {
  type EngineOptions,
  engineInProcesses,
  hostModuleNamed,
  isAlive,
  kill,
  metadataOf,
  moduleOf,
  sleep,
  until,
} from './processes-under-test.ts';

const { filter } = wire.v3;
const infinite = Number.POSITIVE_INFINITY;

/** How long a process may take to be gone in these tests, on a machine with other work. */
const GONE_MS = 1_000;

/** A plugin that loops for ever once it is called. */
const loops = await guest({ exports: { filter: { code: '(result i32) (loop $again (br $again)) (unreachable)' } } });

/** No budget ends a call. */
const withoutBudgets: EngineOptions = {
  calls: { wallMs: infinite, fuel: infinite },
  hostModule: hostModuleNamed('by-name'),
};

/** Starts a plugin of generation 1 that has negotiated `filter`. Nothing of it runs yet. */
async function started(
  { engine }: ReturnType<typeof engineInProcesses>,
  name: string,
  wasm: Uint8Array,
  functions: Readonly<Record<string, number>> = { filter: 1 },
): Promise<WireRunner> {
  const runner = await engine.start(moduleOf(name, wasm), metadataOf(functions), false);
  if (runner.generation !== 1) throw new Error('a plugin of generation 1 has such a runner');
  return runner;
}

/** The kind of the failure of a call; `ok` if it has none. */
const endOf = (outcome: DispatchOutcome<unknown>): string =>
  outcome.kind === 'ok' ? 'ok' : outcome.error.failure.kind;

/** Calls a router until it answers. On a busy machine a process starts late. */
async function answers(router: WireRunner): Promise<void> {
  for (let tries = 5; ; tries--) {
    const end = endOf(await router.dispatch(filter, filterRequest, {}));
    if (end === 'ok' || tries === 0) return assert.is(end, 'ok');
  }
}

const ending = suite('a process ends');

/** What keeps a process busy: the name of a plugin, and its module. */
const busy: readonly [name: string, wasm: Uint8Array][] = [
  ['a plugin that loops', loops],
  // These are what the host module does for plugins of these names.
  ['loops', routerOf('1.0.0')],
  ['compiles', routerOf('1.0.0')],
];

for (const [name, wasm] of busy) {
  ending(`at the deadline of a call, and the next call has another (${name})`, async () => {
    const under = engineInProcesses({ ...withoutBudgets, callMs: 4_000, spares: 1 });
    const [good, bad] = [await started(under, 'router', routerOf('1.0.0')), await started(under, name, wasm)];
    await answers(good);
    const { last } = under.processes;
    assert.is(endOf(await bad.dispatch(filter, filterRequest, {})), 'DeadlineExceeded');
    const failedAt = performance.now();
    assert.is(await last.ended, 'it ended by SIGKILL');
    assert.ok(performance.now() - failedAt < GONE_MS, `${performance.now() - failedAt} ms`);
    assert.not.ok(isAlive(last.pid));
    assert.is(under.engine.abandoned, 0);
    await answers(good);
    await under.engine.close();
  });
}

ending('if its call is aborted and does not end', async () => {
  const under = engineInProcesses(withoutBudgets);
  const bad = await started(under, 'bad', loops);
  const abort = new AbortController();
  const outcome = bad.dispatch(filter, filterRequest, { signal: abort.signal });
  await sleep(100);
  abort.abort();
  assert.is(endOf(await outcome), 'Aborted');
  const { last } = under.processes;
  const abortedAt = performance.now();
  assert.is(await last.ended, 'it ended by SIGKILL');
  assert.ok(performance.now() - abortedAt < GONE_MS);
  assert.not.ok(isAlive(last.pid));
  await under.engine.close();
});

ending('at the deadline of a start', async () => {
  const under = engineInProcesses({ ...withoutBudgets, startMs: 2_000 });
  const start = under.engine.start(moduleOf('compiles', routerOf('1.0.0')), metadataOf({ filter: 1 }), true);
  assert.equal(await refusalOf(start), { kind: 'DeadlineExceeded', deadlineMs: 2_000 });
  // On a slow machine its script may not have started yet, and then the text says so.
  assert.match(await under.processes.last.ended, /^it ended by SIGKILL/);
  await under.engine.close();
});

ending('with the engine, which costs the call that runs and nothing else', async () => {
  const { name, wasm, execArgv, ...crash } = await crashHere();
  const limits = Object.fromEntries(Object.keys(MODULE_LIMITS).map((limit) => [limit, infinite]));
  const budgets = { ...withoutBudgets.calls, tableMaxEntries: infinite, memoryMaxPages: infinite };
  const under = engineInProcesses({ limits, calls: budgets, execArgv, count: 2 });
  const routers = [await started(under, 'a', routerOf('1.0.0')), await started(under, 'b', routerOf('1.0.0'))];
  const bad = await started(under, 'crash', wasm, { [name]: 1 });
  // The cast: only the name counts, since no answer comes.
  const fn = { ...filter, name } as unknown as WireFunction<never, never>;
  const crashed = bad.dispatch(fn, filterRequest as never, {});
  // Some wait behind the call, in the process that ends; the others run beside it.
  const others = routers.flatMap((router) => [1, 2, 3].map(() => router.dispatch(filter, filterRequest, {})));
  const outcome = await crashed;
  assert.is(endOf(outcome), 'RunnerEnded', crash.how);
  assert.match(outcome.kind === 'fallback' ? outcome.error.message : '', /process that ran the plugin ended: it ended/);
  for (const other of await Promise.all(others)) assert.is(endOf(other), 'ok');
  assert.is(under.processes.used.length, 3);
  await under.engine.close();
});

ending('and calls that are sent to one that is gone fail by name', async () => {
  const under = engineInProcesses();
  const router = await started(under, 'router', routerOf('1.0.0'));
  assert.is(endOf(await router.dispatch(filter, filterRequest, {})), 'ok');
  kill(under.processes.last);
  // Nobody has noticed yet.
  const ends = [1, 2, 3].map(() => router.dispatch(filter, filterRequest, {}));
  const [first, ...others] = (await Promise.all(ends)).map(endOf);
  assert.is(first, 'RunnerEnded');
  assert.equal(others, ['ok', 'ok']);
  await until(() => under.processes.used.length === 2, 'another process');
  await under.engine.close();
});

ending('and cannot be asked any more', async () => {
  const { processes } = engineInProcesses();
  const remote = processes.start();
  const open = { kind: 'open', options: { options: {}, hostModule: undefined }, givesModules: false } as const;
  assert.is((await remote.ask(open)).kind, 'done');
  kill(remote);
  assert.match(await lostOrEnded(remote, open), LOST);
  await until(() => !isAlive(remote.pid), 'the end of the process');
  assert.match(await lostOrEnded(remote, open), LOST);
  assert.is(await remote.ended, 'it ended by SIGKILL');
  remote.end();
});

ending('but not by signals to the group of its host', async () => {
  const under = engineInProcesses();
  const router = await started(under, 'router', routerOf('1.0.0'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) kill(under.processes.last, signal);
  await sleep(100);
  assert.is(endOf(await router.dispatch(filter, filterRequest, {})), 'ok');
  assert.is(under.processes.used.length, 1);
  await under.engine.close();
});

/** Why a command was not answered: runtimes say so at once, or when the process has ended. */
const LOST = /ended by SIGKILL|closed|EPIPE/i;

/** The reason for which a remote does not answer a command. */
async function lostOrEnded(remote: ProcessRemote, command: RemoteCommand): Promise<string> {
  const lost = remote.ask(command).then(({ kind }) => `it answered: ${kind}`, String);
  return await Promise.race([lost, remote.ended]);
}

/**
 * A module that ends the engine once all limits are raised: a function of it, and how.
 *
 * - V8: fifty tables of ten million entries have no room, so it ends the process. With a small
 *   heap it does so soon.
 * - JavaScriptCore: it optimises a hundred legacy handlers in one another, and aborts.
 */
async function crashHere(): Promise<{
  readonly name: string;
  readonly wasm: Uint8Array;
  readonly execArgv: readonly string[];
  readonly how: string;
}> {
  const { execArgv } = globalThis.process;
  if ('Bun' in globalThis) {
    const parts = [{ kind: 'nested-catches', size: 100, variant: 'in-handler' }];
    const wasm = buildModule({ parts, together: true, copies: 1 }, 'crash');
    return { name: 'hot', wasm, execArgv, how: 'nested handlers' };
  }
  const wasm = await fixture('hostile/declared-tables.wasm');
  return { name: 'cc_lb_handshake', wasm, execArgv: [...execArgv, '--max-old-space-size=64'], how: 'tables' };
}

ending.run();
