import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { followTask, type TaskRun, TaskRuns } from '../../src/inspector/task-run.ts';
import type { TaskReply } from '../../src/inspector/worker/messages.ts';
import { WorkerClient } from '../../src/inspector/worker/worker-client.ts';

const runs = suite('inspector/task-run');

const input = { file: 'a.wasm', bytes: new Uint8Array([1]) };

/** A client whose worker answers each task at once. */
function answering(answer: (id: number) => TaskReply[]): WorkerClient {
  return new WorkerClient((onReply) => ({
    post: ({ id }) => void Promise.resolve().then(() => answer(id).forEach(onReply)),
    terminate: () => undefined,
    ended: async () => undefined,
  }));
}

async function follow(worker: WorkerClient): Promise<TaskRun<'verify'>[]> {
  const seen: TaskRun<'verify'>[] = [];
  await followTask(worker, 'verify', input, (run) => seen.push(run));
  return seen;
}

runs('a task runs, makes progress, and ends', async () => {
  const worker = answering((id) => [
    { id, kind: 'progress', progress: 1 },
    { id, kind: 'done', result: 'report' },
  ]);
  assert.equal(await follow(worker), [
    { kind: 'running', progress: undefined },
    { kind: 'running', progress: 1 },
    { kind: 'done', result: 'report' },
  ]);
});

runs('a task that fails has its report, and one that is stopped has none', async () => {
  const error = { error: 'E', kind: 'K', message: 'no', failure: undefined };
  assert.equal((await follow(answering((id) => [{ id, kind: 'failed', error }]))).at(-1), { kind: 'failed', error });
  const worker = answering(() => []);
  const stopped = follow(worker);
  worker.stop();
  assert.equal((await stopped).at(-1), { kind: 'stopped' });
});

runs('a worker that does not start is a failure', async () => {
  const worker = new WorkerClient(() => {
    throw new Error('no workers here');
  });
  const last = (await follow(worker)).at(-1);
  assert.ok(last?.kind === 'failed');
  assert.match(last.error.message, 'no workers here');
  assert.is(worker.status, 'idle');
});

runs('what is known is kept by plugin and task, and listeners hear of it', async () => {
  const known = new TaskRuns();
  const heard: string[] = [];
  const leave = known.subscribe(() => heard.push(known.runOf(1, 'meter').kind));
  assert.is(known.runOf(1, 'meter').kind, 'none');
  known.start(
    answering((id) => [{ id, kind: 'done', result: 'added' }]),
    1,
    'meter',
    input,
  );
  assert.is(known.runOf(1, 'meter').kind, 'running');
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(known.runOf(1, 'meter'), { kind: 'done', result: 'added' });
  assert.equal([known.runOf(2, 'meter').kind, known.runOf(1, 'admit').kind], ['none', 'none']);
  assert.equal(heard, ['running', 'done']);
  leave();
  known.clear();
  assert.is(known.runOf(1, 'meter').kind, 'none');
});

runs.run();
