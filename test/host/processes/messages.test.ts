import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ProcessRemote } from '../../../src/host/processes/process-remote.ts';
import type { RemoteAnswer } from '../../../src/host/remote/commands.ts';
import { echo, guest } from '../../support/guest-wat.ts';
import { engineInProcesses, metadataOf, moduleOf } from './processes-under-test.ts';

const options = { calls: { memoryMaxPages: 4_096, fuel: Number.POSITIVE_INFINITY, wallMs: Number.POSITIVE_INFINITY } };
const open = { kind: 'open', options: { options, hostModule: undefined }, givesModules: false } as const;

/** Starts a process with a plugin that answers with what it gets, as number 1. */
async function echoing(): Promise<ProcessRemote> {
  const { processes } = engineInProcesses();
  const remote = processes.start();
  await remote.ask(open);
  const module = moduleOf('echo', await guest({ exports: { echo } }));
  const started = await remote.ask({
    kind: 'start',
    plugin: 1,
    module,
    metadata: metadataOf({ echo: 1 }),
    builds: true,
  });
  assert.is(started.kind, 'started', JSON.stringify(started));
  return remote;
}

function answerOf(answer: RemoteAnswer): Uint8Array {
  if (answer.kind !== 'answered') throw new Error(`not an answer: ${JSON.stringify(answer)}`);
  return answer.answer;
}

/** A text of a length, whose parts differ. */
const textOf = (length: number): Uint8Array =>
  new TextEncoder().encode(Array.from({ length: length / 8 }, (_, at) => String(at).padStart(8, '0')).join(''));

const messages = suite('a process and its host exchange');

messages('texts from nothing to ten megabytes', async () => {
  const remote = await echoing();
  for (const length of [0, 64, 64 * 1024, 1024 * 1024, 10 * 1024 * 1024]) {
    const request = textOf(length);
    const answer = answerOf(await remote.ask({ kind: 'call', plugin: 1, function: 'echo', request }));
    assert.is(answer.length, length);
    // Faster than to compare each by itself.
    assert.ok(
      request.every((byte, at) => byte === answer[at]),
      `${length} bytes`,
    );
  }
  remote.end();
});

messages('nothing but what a view shows', async () => {
  const remote = await echoing();
  const whole = textOf(64 * 1024);
  const request = whole.subarray(800, 816);
  const answer = answerOf(await remote.ask({ kind: 'call', plugin: 1, function: 'echo', request }));
  assert.equal([...answer], [...request]);
  remote.end();
});

messages.run();
