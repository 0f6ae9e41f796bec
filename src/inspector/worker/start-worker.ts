import type { TaskMessage, TaskReply } from './messages.ts';
import type { StartWorker } from './worker-client.ts';

/** How long Chromium goes on running a worker that was ended, in milliseconds. */
const END_MS = 2_000;

/**
 * Makes a function that starts workers from the text of a script. A worker from a Blob needs no
 * file beside the page, and its policy is that of the page.
 *
 * @param script the text of the page's own script, which runs {@link holdLife} and the tasks where
 * there is no document.
 */
export function workersOf(script: string): StartWorker {
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  return (onReply, onError) => {
    const life = `cc-lb inspector ${crypto.getRandomValues(new Uint32Array(4)).join('-')}`;
    const worker = new Worker(url, { name: life });
    worker.onmessage = ({ data }: MessageEvent<TaskReply>) => onReply(data);
    worker.onmessageerror = () => onError('a message of the worker could not be read');
    worker.onerror = (event) => {
      event.preventDefault();
      onError(event.message || 'its script did not start');
    };
    return {
      post: (message: TaskMessage) => worker.postMessage(message),
      terminate: () => worker.terminate(),
      ended: () => Promise.race([lifeEnds(life), new Promise<void>((resolve) => setTimeout(resolve, END_MS))]),
    };
  };
}

/** Holds a lock as long as this worker lives: no event says when one has ended. */
export function holdLife(life: string): void {
  navigator.locks?.request(life, () => new Promise(() => undefined)).catch(() => undefined);
}

/** Waits for the lock of a worker; for ever where there are no locks, as in a page of no origin. */
async function lifeEnds(life: string): Promise<void> {
  try {
    if (navigator.locks === undefined) await new Promise(() => undefined);
    await navigator.locks.request(life, () => undefined);
  } catch {
    await new Promise(() => undefined);
  }
}
