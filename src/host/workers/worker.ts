// The script of a worker: it answers the commands of a host. Between calls it waits for shared
// memory, and sees no message meanwhile.
import { reasonOf } from '../../failure.ts';
import type { RemoteAnswer, RemoteCommand } from '../remote/commands.ts';
import type { Report } from '../remote/reports.ts';
import { RemoteServer } from '../remote/server.ts';
import { ANSWER, type Channel, channelOf, REQUEST, readCall, signal, WORD, writeAnswer } from './channel.ts';
import type { FromWorker, Port, ToWorker } from './messages.ts';
import { nodeThreads } from './node-threads.ts';

const server = new RemoteServer();
const port = portOf();
let channel: Channel | undefined;

/**
 * The port of this worker: of Node's threads, or of web workers, which Deno and Bun have as well.
 */
function portOf(): Port {
  if (typeof globalThis.postMessage === 'function') {
    return {
      post: (message, transfer) => globalThis.postMessage(message, { transfer }),
      onMessage: (listener) => globalThis.addEventListener('message', ({ data }) => listener(data)),
    };
  }
  const parent = nodeThreads()?.parentPort;
  if (parent === null || parent === undefined) throw new Error('this module is the script of a worker');
  return {
    post: (message, transfer) => parent.postMessage(message, transfer),
    onMessage: (listener) => parent.on('message', listener),
  };
}

async function onMessage(message: ToWorker): Promise<void> {
  if (message.kind === 'channel') {
    channel = message.memory && channelOf(message.memory);
    if (message.life !== undefined) holdLife(message.life);
  } else await onCommand(message.command);
  if (channel !== undefined) serve(channel);
}

/**
 * Holds a lock as long as this worker lives: a browser does not say when one has ended.
 */
function holdLife(name: string): void {
  void globalThis.navigator.locks.request(name, () => new Promise(() => undefined));
}

async function onCommand(command: RemoteCommand): Promise<void> {
  if (channel !== undefined) Atomics.store(channel.words, WORD.busy, 1);
  const answer = await server.answer(command);
  if (channel !== undefined) signal(channel, WORD.busy, 0);
  post(answer);
}

function post(answer: RemoteAnswer): void {
  const message: FromWorker = { kind: 'answer', answer };
  try {
    port.post(message, answer.kind === 'answered' ? [answer.answer.buffer] : []);
  } catch (error) {
    // A report or a failure with a value that cannot be cloned.
    const text = reasonOf(error);
    port.post({ kind: 'answer', answer: { kind: 'failed', error: { name: 'Error', message: text }, reports: [] } }, []);
  }
}

/** Answers calls until the host has posted a message, or wants this worker to end. */
function serve(through: Channel): void {
  const { words } = through;
  for (;;) {
    Atomics.wait(words, WORD.request, REQUEST.none);
    const request = Atomics.exchange(words, WORD.request, REQUEST.none);
    if (request === REQUEST.call) answerCall(through);
    else if (request !== REQUEST.none) return;
  }
}

function answerCall(through: Channel): void {
  Atomics.store(through.words, WORD.busy, 1);
  const answer = server.answerCall(readCall(through));
  signal(through, WORD.busy, 0);
  const isWritten =
    answer.kind === 'answered' &&
    answer.reports.every(isPlain) &&
    writeAnswer(through, { ...answer, reports: answer.reports.length === 0 ? '' : JSON.stringify(answer.reports) });
  if (!isWritten) post(answer);
  signal(through, WORD.answer, isWritten ? ANSWER.channel : ANSWER.message);
}

/** Whether JSON can hold a report: not a bigint, nor a number that is not finite. */
function isPlain(report: Report): boolean {
  return report.kind === 'log' || Number.isFinite(report.value);
}

port.onMessage((message) => void onMessage(message));
port.post({ kind: 'ready' }, []);
