/**
 * Runs a test in which the timers of one delay fire when the test says so: a short deadline then
 * ends the call that the test means, and no other one on a slow machine.
 *
 * @param ms the delay, in milliseconds. Other timers run as always.
 * @param test gets what fires the timers that wait.
 */
export async function withHeldTimers(ms: number, test: (fire: () => void) => Promise<void>): Promise<void> {
  const { setTimeout: set, clearTimeout: clear } = globalThis;
  const held = new Map<unknown, () => void>();
  const hold = (run: () => void, delay?: number): unknown => {
    if (delay !== ms) return set(run, delay);
    const handle = {};
    held.set(handle, run);
    return handle;
  };
  const release = (handle?: ReturnType<typeof setTimeout>): void => {
    if (!held.delete(handle)) clear(handle);
  };
  Object.assign(globalThis, { setTimeout: hold, clearTimeout: release });
  try {
    await test(() => {
      for (const [handle, run] of [...held]) if (held.delete(handle)) run();
    });
  } finally {
    Object.assign(globalThis, { setTimeout: set, clearTimeout: clear });
  }
}
