import { pause } from '../support/stores.ts';
import { versionOf } from './stamped-dialect.ts';

/** The key of the client, and the token of the admin sides. */
export const CLIENT_KEY = 'key-a';
export const TOKEN = 'test-token';

/** One answered request. Times are of `performance.now()`. */
export interface Answer {
  readonly begunAt: number;
  readonly status: number;
  /** The version of the plugin that shaped it; `undefined` if there was none. */
  readonly version: number | undefined;
}

/** Sends a message of the client. */
export async function send(url: string): Promise<Answer> {
  const begunAt = performance.now();
  const response = await fetch(`${url}/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': CLIENT_KEY, 'content-type': 'application/json' },
    body: '{"model":"m","max_tokens":1,"messages":[]}',
  });
  const text = await response.text();
  return { begunAt, status: response.status, version: response.ok ? versionOf(text) : undefined };
}

/** Clients that send one request after the other until they are stopped. */
export interface Traffic {
  readonly answers: readonly Answer[];
  /** How many requests had no answer at all. */
  readonly lost: () => number;
  stop(): Promise<void>;
}

export function startTraffic(url: string, clients: number): Traffic {
  const answers: Answer[] = [];
  let lost = 0;
  let isStopped = false;
  const run = async (): Promise<void> => {
    while (!isStopped) {
      try {
        answers.push(await send(url));
      } catch {
        // Counted: the test asserts that there is none.
        lost++;
      }
      await pause(2);
    }
  };
  const ended = Promise.all(Array.from({ length: clients }, run));
  const stop = async (): Promise<void> => {
    isStopped = true;
    await ended;
  };
  return { answers, lost: () => lost, stop };
}
