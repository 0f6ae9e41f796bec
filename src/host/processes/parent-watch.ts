/** How often it is looked whether the parent lives, in milliseconds. */
const INTERVAL_MS = 250;

/**
 * The script of the thread that watches. It is a text, so that the process needs no other file. A
 * process whose parent is gone has another parent; on Windows, the parent that it had is not found.
 */
const WATCH = `
const { workerData: parent } = require('node:worker_threads');
const isOrphan = () => {
  if (process.platform !== 'win32') return process.ppid !== parent;
  try {
    return !process.kill(parent, 0);
  } catch {
    return true;
  }
};
setInterval(() => {
  if (isOrphan()) process.kill(process.pid, 'SIGKILL');
}, ${INTERVAL_MS});
`;

/**
 * Ends this process when its parent is gone, whatever it does then. A process that is idle sees its
 * channel close, but one that loops or compiles does not: so another thread watches.
 *
 * @param parent the number of the parent's process.
 */
export function endWithParent(parent: number): void {
  const { Worker } = globalThis.process.getBuiltinModule('node:worker_threads');
  const thread = new Worker(WATCH, { eval: true, workerData: parent, env: {}, execArgv: [] });
  thread.unref();
}
