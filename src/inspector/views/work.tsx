import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { WorkerClient, WorkerStatus } from '../worker/worker-client.ts';

/** How long a task runs before the page offers to stop it, in milliseconds: most end at once. */
const PATIENCE_MS = 300;

/** What the worker does, and a button that stops it. */
export function Work({ worker }: { readonly worker: WorkerClient }): VNode {
  const status = useWorkerStatus(worker);
  const isLong = useLong(status === 'busy');
  const text = status === 'stopping' ? 'Stopping: a browser takes up to two seconds…' : isLong ? 'Working…' : '';
  return (
    <div class={text === '' ? 'work idle' : 'work'}>
      <p role="status" aria-label="Worker">
        {text}
      </p>
      {isLong && status === 'busy' && (
        <button type="button" onClick={() => worker.stop()}>
          Stop
        </button>
      )}
    </div>
  );
}

function useWorkerStatus(worker: WorkerClient): WorkerStatus {
  const [status, setStatus] = useState(worker.status);
  useEffect(() => worker.subscribe(setStatus), [worker]);
  return status;
}

/** Whether something holds for longer than the page's patience. */
function useLong(holds: boolean): boolean {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    setLong(false);
    if (!holds) return undefined;
    const timer = setTimeout(() => setLong(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [holds]);
  return isLong && holds;
}
