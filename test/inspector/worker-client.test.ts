import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { TaskMessage, TaskReply } from '../../src/inspector/worker/messages.ts';
import { TaskError, TaskStopped, WorkerClient, type WorkerStatus } from '../../src/inspector/worker/worker-client.ts';

const client = suite('inspector/worker-client');

/** A worker that does what the test says. */
class FakeWorker {
  readonly posted: TaskMessage[] = [];
  isTerminated = false;
  readonly reply: (reply: TaskReply) => void;
  readonly fail: (reason: string) => void;
  end: () => void = () => undefined;

  constructor(onReply: (reply: TaskReply) => void, onError: (reason: string) => void) {
    this.reply = onReply;
    this.fail = onError;
  }
}

function start(): { worker: WorkerClient; started: FakeWorker[]; statuses: WorkerStatus[] } {
  const started: FakeWorker[] = [];
  const worker = new WorkerClient((onReply, onError) => {
    const fake = new FakeWorker(onReply, onError);
    started.push(fake);
    return {
      post: (message) => fake.posted.push(message),
      terminate: () => {
        fake.isTerminated = true;
      },
      ended: () =>
        new Promise((resolve) => {
          fake.end = resolve;
        }),
    };
  });
  const statuses: WorkerStatus[] = [];
  worker.subscribe((status) => statuses.push(status));
  return { worker, started, statuses };
}

const input = { file: 'a.wasm', bytes: new Uint8Array([1]) };

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  assert.unreachable('it did not reject');
  return undefined;
}

client('a task is posted, and its result comes back', async () => {
  const { worker, started, statuses } = start();
  assert.is(worker.status, 'idle');
  assert.is(started.length, 0, 'no worker is started before it is needed');
  const result = worker.run('describe', input);
  assert.is(worker.status, 'busy');
  const [fake] = started;
  assert.equal(fake?.posted, [{ id: 1, task: 'describe', input }]);
  fake?.reply({ id: 1, kind: 'done', result: 'the report' });
  assert.is(await result, 'the report');
  assert.equal(statuses, ['busy', 'idle']);
});

client('tasks share the worker, and answers find their tasks in any order', async () => {
  const { worker, started } = start();
  const results = [worker.run('describe', input), worker.run('meter', input)];
  assert.is(started.length, 1);
  started[0]?.reply({ id: 2, kind: 'done', result: 'two' });
  assert.is(worker.status, 'busy');
  started[0]?.reply({ id: 1, kind: 'done', result: 'one' });
  assert.equal(await Promise.all(results), ['one', 'two']);
});

client('progress is passed on', async () => {
  const { worker, started } = start();
  const seen: unknown[] = [];
  const result = worker.run('verify', input, { onProgress: (progress) => seen.push(progress) });
  started[0]?.reply({ id: 1, kind: 'progress', progress: 1 });
  started[0]?.reply({ id: 1, kind: 'progress', progress: 2 });
  started[0]?.reply({ id: 1, kind: 'done', result: undefined });
  await result;
  assert.equal(seen, [1, 2]);
});

client('a task that fails rejects with its report', async () => {
  const { worker, started } = start();
  const result = worker.run('describe', input);
  const error = { error: 'E', kind: 'K', message: 'no', failure: undefined, hint: 'do' };
  started[0]?.reply({ id: 1, kind: 'failed', error });
  const thrown = await rejection(result);
  assert.ok(thrown instanceof TaskError);
  assert.equal([thrown.message, thrown.report], ['no', error]);
  assert.is(worker.status, 'idle');
});

client('stopping ends the worker, rejects what runs and waits, and the next task gets another', async () => {
  const { worker, started, statuses } = start();
  const results = [worker.run('describe', input), worker.run('meter', input)];
  worker.stop();
  for (const result of results) assert.ok((await rejection(result)) instanceof TaskStopped);
  assert.is(started[0]?.isTerminated, true);
  assert.is(worker.status, 'stopping');
  const next = worker.run('describe', input);
  assert.is(started.length, 2);
  assert.is(worker.status, 'stopping', 'it is said as long as the old one may run');
  started[0]?.reply({ id: 1, kind: 'done', result: 'late' });
  started[0]?.end();
  await Promise.resolve();
  await Promise.resolve();
  assert.is(worker.status, 'busy');
  started[1]?.reply({ id: 3, kind: 'done', result: 'new' });
  assert.is(await next, 'new');
  assert.is(statuses.at(-1), 'idle');
});

client('stopping nothing does nothing', () => {
  const { worker, started, statuses } = start();
  worker.stop();
  assert.equal([started.length, statuses.length, worker.status], [0, 0, 'idle']);
});

client('a script that fails rejects all tasks, and the next task gets another worker', async () => {
  const { worker, started } = start();
  const result = worker.run('describe', input);
  started[0]?.fail('out of memory');
  const thrown = await rejection(result);
  assert.ok(thrown instanceof TaskError);
  assert.match(thrown.message, 'out of memory');
  assert.is(worker.status, 'idle');
  const next = worker.run('describe', input);
  started[0]?.fail('again, from the old one');
  started[1]?.reply({ id: 2, kind: 'done', result: 'fine' });
  assert.is(await next, 'fine');
});

client('a listener that leaves hears no more', () => {
  const { worker } = start();
  const heard: WorkerStatus[] = [];
  const leave = worker.subscribe((status) => heard.push(status));
  leave();
  void worker.run('describe', input);
  assert.equal(heard, []);
});

client.run();
