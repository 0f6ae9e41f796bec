import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HookCallError } from '../../../src/hooks/call-error.ts';
import { filterHook } from '../../../src/hooks/index.ts';
import { filterSample } from '../../../src/hooks/samples.ts';
import { DispatchError } from '../../../src/protocol/dispatch.ts';
import { wire } from '../../../src/protocol/messages/index.ts';
import { fixture } from '../../support/fixture.ts';
import { filterRequest, routerOf } from '../host-under-test.ts';
import { engineInProcesses, isAlive, kill, metadataOf, moduleOf, sleep } from './processes-under-test.ts';

const { filter } = wire.v3;

const KILLS = 200;

/** How many callers there are, each of which waits for its answer. */
const CALLERS = 6;

/** A number from 0 to 1, the same in each run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What nobody caught. */
function uncaught(): { readonly errors: unknown[]; readonly stop: () => void } {
  const { process } = globalThis;
  const errors: unknown[] = [];
  const keep = (error: unknown): void => void errors.push(error);
  process.on('unhandledRejection', keep);
  process.on('uncaughtException', keep);
  const stop = (): void => {
    process.off('unhandledRejection', keep);
    process.off('uncaughtException', keep);
  };
  return { errors, stop };
}

const killing = suite('of calls whose processes are killed at random');

killing('each is answered or fails by name, and none is lost', async () => {
  const random = randomNumbers(19);
  const { engine, processes } = engineInProcesses({ count: 2, spares: 1 });
  const wires = await engine.start(moduleOf('router', routerOf('1.0.0')), metadataOf({ filter: 1 }), false);
  const hookModule = { ...moduleOf('hooks', await fixture('hooks/filter/filter.wasm')), generation: 2 } as const;
  const hooks = await engine.start(hookModule, undefined, false);
  if (wires.generation !== 1 || hooks.generation !== 2) throw new Error('one of each generation');

  const { errors, stop } = uncaught();
  const counts: Record<string, number> = {};
  let isOver = false;
  const call = async (turn: number): Promise<string> => {
    const outcome =
      turn % 2 === 0
        ? await wires.dispatch(filter, filterRequest, {})
        : await hooks.dispatch(filterHook, filterSample(), {});
    if (outcome.kind === 'ok') return 'ok';
    assert.ok(outcome.error instanceof DispatchError || outcome.error instanceof HookCallError);
    return outcome.error.failure.kind;
  };
  let calls = 0;
  const callers = Array.from({ length: CALLERS }, async (_, caller) => {
    for (let turn = caller; !isOver; turn++) {
      calls++;
      const end = await call(turn);
      counts[end] = (counts[end] ?? 0) + 1;
      // Not to starve the killer where a call takes no time.
      await sleep(0);
    }
  });

  for (let killed = 0; killed < KILLS; ) {
    await sleep(random() * 40);
    const alive = processes.used.filter(({ pid }) => isAlive(pid));
    const victim = alive[Math.floor(random() * alive.length)];
    if (victim === undefined) continue;
    kill(victim);
    killed++;
  }
  isOver = true;
  await Promise.all(callers);
  await engine.close();
  stop();

  assert.equal(errors, []);
  assert.equal(
    Object.keys(counts).filter((kind) => !['ok', 'RunnerEnded'].includes(kind)),
    [],
  );
  assert.is((counts.ok ?? 0) + (counts.RunnerEnded ?? 0), calls);
  assert.ok((counts.ok ?? 0) > 0 && (counts.RunnerEnded ?? 0) > 0, JSON.stringify(counts));
  for (const { pid } of processes.used) assert.not.ok(isAlive(pid));
});

killing.run();
