import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isAlive, until } from './processes-under-test.ts';

const { process } = globalThis;

/** Starts the host of `parent.ts`. */
async function startParent() {
  const { fork } = process.getBuiltinModule('node:child_process');
  const parent = fork(new URL('./parent.ts', import.meta.url), [], { serialization: 'advanced' });
  const pids = await new Promise<number[]>((resolve, reject) => {
    parent.on('message', resolve);
    parent.on('exit', (code) => reject(new Error(`the host ended with the exit code ${code}`)));
  });
  return { parent, pids };
}

const orphans = suite('processes end when their host is gone');

for (const signal of ['SIGKILL', 'SIGTERM'] as const)
  orphans(`by ${signal}, whatever they do`, async () => {
    const { parent, pids } = await startParent();
    const alive = pids.filter(isAlive);
    parent.removeAllListeners('exit');
    parent.kill(signal);
    assert.is(alive.length, 3);
    try {
      await until(() => !pids.some(isAlive), 'the end of all processes');
    } finally {
      for (const pid of pids.filter(isAlive)) process.kill(pid, 'SIGKILL');
    }
  });

orphans.run();
