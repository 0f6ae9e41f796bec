import type { Runtime } from '../runtimes.mjs';
import { type FileOutcome, type ProcessOptions, TestProcess } from './test-process.ts';

/** How test files are shared between processes. */
export interface QueueOptions extends ProcessOptions {
  /** How many processes run at the same time. */
  readonly processes: number;
  /** After this many files a process is replaced by a new one; Infinity: never. */
  readonly filesPerProcess: number;
  /** Called after each file. */
  readonly onOutcome?: (outcome: FileOutcome) => void;
}

/**
 * Runs test files in processes of a runtime. Each process takes the next file when it is done with
 * one.
 *
 * @param runtime what `findRuntime` returns.
 * @param files paths relative to the root of the project, in the order in which they start.
 * @param options see {@link QueueOptions}.
 * @returns an outcome for each file, and one more for each process that did not end well after its
 *   last file.
 */
export async function runFiles(
  runtime: Pick<Runtime, 'command' | 'args'>,
  files: readonly string[],
  options: QueueOptions,
): Promise<FileOutcome[]> {
  const queue = [...files];
  const outcomes: FileOutcome[] = [];
  const record = (outcome: FileOutcome): void => {
    outcomes.push(outcome);
    options.onOutcome?.(outcome);
  };

  /** Starts processes, one after another, until the queue is empty. */
  const takeTurns = async (): Promise<void> => {
    while (queue.length > 0) {
      const process = new TestProcess(runtime, options);
      let last: FileOutcome | undefined;
      for (let ran = 0; ran < options.filesPerProcess; ran++) {
        const file = queue.shift();
        if (file === undefined) break;
        last = await process.run(file);
        record(last);
        if ('crash' in last.result) break;
      }
      const crash = await process.close();
      if (crash !== undefined && last !== undefined) record({ ...last, seconds: 0, result: { crash } });
    }
  };

  await Promise.all(Array.from({ length: Math.min(options.processes, files.length) }, takeTurns));
  return outcomes;
}
