import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isAlive, RecordedProcesses, until } from './processes-under-test.ts';

const open = { kind: 'open', options: { options: {}, hostModule: undefined }, givesModules: false } as const;

const spares = suite('a host keeps processes ready');

spares('once the first one that is needed has begun', async () => {
  const processes = new RecordedProcesses(1);
  const { pids } = processes;
  const first = processes.start();
  assert.equal(pids, [first.pid]);
  await first.ask(open);
  await until(() => pids.length === 2, 'a spare process');

  const second = processes.start();
  assert.is(second.pid, pids[1], 'the spare one is taken');
  await second.ask(open);
  await until(() => pids.length === 3, 'another spare process');

  processes.close();
  first.end();
  second.end();
  await until(() => !pids.some(isAlive), 'the end of all');
  processes.start().end();
  assert.is(pids.length, 4, 'none is kept once it is closed');
});

spares('and does not give out one that has ended', async () => {
  const processes = new RecordedProcesses(1);
  const { pids } = processes;
  const first = processes.start();
  await first.ask(open);
  await until(() => pids.length === 2, 'a spare process');
  globalThis.process.kill(pids[1] ?? 0, 'SIGKILL');
  await until(() => !isAlive(pids[1]), 'the end of the spare one');
  await new Promise((resolve) => setTimeout(resolve, 50));
  const second = processes.start();
  assert.is.not(second.pid, pids[1]);
  assert.is((await second.ask(open)).kind, 'done');
  processes.close();
  first.end();
  second.end();
});

spares('unless it shall not', async () => {
  const processes = new RecordedProcesses(0);
  const { pids } = processes;
  const first = processes.start();
  await first.ask(open);
  await first.ask(open);
  assert.is(pids.length, 1);
  first.end();
});

spares.run();
