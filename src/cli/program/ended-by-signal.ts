import process from 'node:process';

/** The signals that end this program from outside. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What to do before a signal ends this program. */
const waiting = new Set<() => void>();

/**
 * Does something if a signal ends this program, such as Ctrl-C.
 *
 * @param act must not be asynchronous.
 * @returns a function that calls this off.
 */
export function untilSignal(act: () => void): () => void {
  if (waiting.size === 0) for (const signal of SIGNALS) process.on(signal, endBy);
  waiting.add(act);
  return () => {
    waiting.delete(act);
    if (waiting.size === 0) for (const signal of SIGNALS) process.off(signal, endBy);
  };
}

function endBy(signal: NodeJS.Signals): void {
  for (const act of waiting) act();
  for (const name of SIGNALS) process.off(name, endBy);
  // Without a listener, the signal ends this program as it would have.
  process.kill(process.pid, signal);
}
