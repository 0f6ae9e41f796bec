import { wat } from '../../support/wat.ts';

/** What a thread does when it is ended. */
export type EndlessKind = 'loop' | 'loop that calls an import';

/** The kinds, in the order in which they are tried. */
export const endlessKinds: readonly EndlessKind[] = ['loop that calls an import', 'loop'];

const exportOf: Readonly<Record<EndlessKind, string>> = {
  loop: 'loop',
  'loop that calls an import': 'calls',
};

/** Assembles loops that count in shared memory, so that another thread sees whether they run. */
export function endlessModule(): Promise<Uint8Array> {
  return wat(`(module
    (import "host" "memory" (memory 1 1 shared))
    (import "host" "call" (func $call))
    (func $count (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1))))
    (func (export "loop") (loop $again (call $count) (br $again)))
    (func (export "calls") (loop $again (call $count) (call $call) (br $again))))`);
}

/** What the thread does with its first message. It has no imports, so it is a module everywhere. */
const script = `({ module, memory, name }) => {
  new WebAssembly.Instance(module, { host: { memory, call: () => undefined } }).exports[name]();
}`;

/**
 * Starts a thread that waits for a message.
 *
 * @param run the text of a function, which gets the message.
 * @returns what posts to the thread, and what ends it.
 */
export function startThread(run: string): {
  readonly post: (message: unknown) => void;
  readonly terminate: () => void;
} {
  if (typeof Worker === 'function') {
    const text = `addEventListener('message', ({ data }) => (${run})(data));`;
    const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
    const worker = new Worker(url, { type: 'module' });
    return { post: (message) => worker.postMessage(message), terminate: () => worker.terminate() };
  }
  const threads = process.getBuiltinModule('node:worker_threads');
  const text = `process.getBuiltinModule('node:worker_threads').parentPort.on('message', ${run});`;
  const worker = new threads.Worker(text, { eval: true });
  return { post: (message) => worker.postMessage(message), terminate: () => void worker.terminate() };
}

/**
 * How often a loop has counted before it is ended: an engine may end code that it interprets, and
 * not what it has compiled for speed by then.
 */
const WARM = 10_000_000;

/** A thread counts as ended when its counter stands still for so long, in milliseconds. */
const STILL_MS = 1_000;
/** A thread that still counts after so long, in milliseconds, does not end. */
const GIVE_UP_MS = 6_000;

/**
 * Lets a thread do something endless, and ends it. A thread that does not end runs on.
 *
 * @returns a promise of whether it ended.
 */
export async function endsWhenTerminated(kind: EndlessKind, module: WebAssembly.Module): Promise<boolean> {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const words = new Int32Array(memory.buffer);
  const thread = startThread(script);
  thread.post({ module, memory, name: exportOf[kind] });
  while (Atomics.load(words, 0) < WARM) await pause(5);
  thread.terminate();
  const endsAt = performance.now() + GIVE_UP_MS;
  while (performance.now() < endsAt) {
    const before = Atomics.load(words, 0);
    await pause(STILL_MS);
    if (Atomics.load(words, 0) === before) return true;
  }
  return false;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
