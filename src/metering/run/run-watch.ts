/** Learns of a run of metered code, right before it, and how many milliseconds it may take. */
export type RunWatch = (wallMs: number) => void;

let watch: RunWatch | undefined;

/**
 * Sets who learns of the runs of this process. It is for a process that another one ends if the
 * code does not stop by itself, as code with forged metering.
 *
 * @param watcher what it throws passes through the run. `undefined`: nobody learns of them.
 */
export function watchRuns(watcher: RunWatch | undefined): void {
  watch = watcher;
}

/** Tells who watches that a run begins, which may take so many milliseconds or `Infinity`. */
export function announceRun(wallMs: number): void {
  watch?.(wallMs);
}
