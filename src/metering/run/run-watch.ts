/** Called right before a run of metered code, with the milliseconds that the run may take. */
export type RunWatch = (wallMs: number) => void;

let watch: RunWatch | undefined;

/**
 * Sets what is called before the runs of this process. For a child process that its parent ends if
 * code with forged metering does not stop.
 *
 * @param watcher `undefined` for nothing. Its exceptions pass through the run.
 */
export function watchRuns(watcher: RunWatch | undefined): void {
  watch = watcher;
}

/** Calls the watcher before a run. `Infinity` means that the run has no deadline. */
export function announceRun(wallMs: number): void {
  watch?.(wallMs);
}
