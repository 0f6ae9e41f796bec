import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ProcessRemote } from '../../../src/host/processes/process-remote.ts';
import { sleep } from './processes-under-test.ts';

const missing = suite('a process that cannot be started');

missing('has ended with the reason, and answers nothing', async () => {
  const remote = new ProcessRemote(() => {
    throw new Error('no more processes');
  });
  assert.is(await remote.ended, 'no more processes');
  assert.is(remote.pid, undefined);
  let isSettled = false;
  const settle = (): void => {
    isSettled = true;
  };
  void remote.ask({ kind: 'dispose', plugin: 1 }).then(settle, settle);
  remote.end();
  await sleep(5);
  assert.not.ok(isSettled);
});

missing.run();
