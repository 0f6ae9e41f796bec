import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { TaskReply } from '../../src/inspector/worker/messages.ts';
import { taskServer } from '../../src/inspector/worker/serve-tasks.ts';

const server = suite('inspector/serve-tasks');

async function repliesTo(task: (input: never, report: (progress: unknown) => void) => unknown, name = 'task') {
  const replies: TaskReply[] = [];
  // As a worker posts: what cannot be cloned throws.
  const serve = taskServer({ task }, (reply) => replies.push(structuredClone(reply)));
  await serve({ id: 7, task: name, input: 2 });
  return replies;
}

server('a task gets its input, and its result is posted', async () => {
  assert.equal(await repliesTo((input) => input * 2), [{ id: 7, kind: 'done', result: 4 }]);
  assert.equal(await repliesTo(async (input) => input * 2), [{ id: 7, kind: 'done', result: 4 }]);
});

server('progress is posted before the result', async () => {
  const kinds = (await repliesTo((_, report) => report('half'))).map(({ kind }) => kind);
  assert.equal(kinds, ['progress', 'done']);
});

server('what a task throws is reported', async () => {
  const [reply] = await repliesTo(() => {
    throw new RangeError('too far');
  });
  assert.ok(reply?.kind === 'failed');
  assert.equal([reply.error.error, reply.error.message], ['RangeError', 'too far']);
});

server('a failure that cannot be cloned loses only its fields', async () => {
  const [reply] = await repliesTo(() => {
    throw Object.assign(new Error('odd'), { failure: { kind: 'Odd', what: () => undefined } });
  });
  assert.ok(reply?.kind === 'failed');
  assert.equal([reply.error.kind, reply.error.message, reply.error.failure], ['Odd', 'odd', undefined]);
});

server('a result that cannot be cloned is a failure', async () => {
  const [reply] = await repliesTo(() => () => undefined);
  assert.is(reply?.kind, 'failed');
});

server('names that are no task are refused, those of every object too', async () => {
  for (const name of ['other', 'toString', '__proto__']) {
    const [reply] = await repliesTo(() => 1, name);
    assert.ok(reply?.kind === 'failed');
    assert.match(reply.error.message, name);
  }
});

server.run();
