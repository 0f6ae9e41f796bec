import { useCallback, useRef, useState } from 'preact/hooks';
import { reasonOf } from '../../failure.ts';
import type { FailureReport } from '../../inspection/failure-report.ts';
import { type OpenPlugin, refusalOf } from '../plugin.ts';
import type { TaskRuns } from '../task-run.ts';
import { TaskError, TaskStopped, type WorkerClient } from '../worker/worker-client.ts';

/** The file of the page, and how far opening it is. */
export type Opening =
  | { readonly kind: 'none' }
  | { readonly kind: 'reading'; readonly file: string }
  | { readonly kind: 'open'; readonly plugin: OpenPlugin }
  | { readonly kind: 'refused'; readonly file: string; readonly error: Pick<FailureReport, 'kind' | 'message'> };

/** Browsers do not say which of these it is. */
const UNREADABLE = 'The browser cannot read it. Open a file and not a folder, and choose it again if it has changed';

/** What a person chooses or drops. */
export type ChosenFile = Pick<File, 'name' | 'size' | 'arrayBuffer'>;

/**
 * Holds the file of the page.
 *
 * @returns it, how many files were given with it at once, itself included, and functions that open
 * bytes or a file instead, or close it.
 */
export function useOpenPlugin(worker: WorkerClient, runs: TaskRuns) {
  const [opening, setOpening] = useState<Opening>({ kind: 'none' });
  const [among, setAmong] = useState(1);
  const lastId = useRef(0);

  const begin = useCallback((file: string, files = 1): number => {
    // What was asked about the file before is of no use any more.
    if (worker.status === 'busy') worker.stop();
    runs.clear();
    setOpening({ kind: 'reading', file });
    setAmong(files);
    return ++lastId.current;
  }, []);

  const describe = useCallback(async (id: number, file: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> => {
    const settle = (opened: Opening): void => {
      if (id === lastId.current) setOpening(opened);
    };
    try {
      const report = await worker.run('describe', { file, bytes });
      settle({ kind: 'open', plugin: { id, file, bytes, report, generation: report.generation ?? 1 } });
    } catch (error) {
      if (error instanceof TaskStopped) settle({ kind: 'none' });
      else settle({ kind: 'refused', file, error: error instanceof TaskError ? error.report : unexpected(error) });
    }
  }, []);

  const openBytes = useCallback((file: string, bytes: Uint8Array<ArrayBuffer>): void => {
    void describe(begin(file), file, bytes);
  }, []);

  const openFile = useCallback(async (file: ChosenFile, files: number): Promise<void> => {
    const id = begin(file.name, files);
    const refusal = refusalOf(file);
    const refuse = (kind: string, message: string): void => {
      if (id === lastId.current) setOpening({ kind: 'refused', file: file.name, error: { kind, message } });
    };
    if (refusal !== undefined) return refuse('TooLarge', refusal);
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      if (id === lastId.current) await describe(id, file.name, bytes);
    } catch (error) {
      refuse('Unreadable', `${UNREADABLE}: ${reasonOf(error)}`);
    }
  }, []);

  const close = useCallback((): void => {
    begin('');
    setOpening({ kind: 'none' });
  }, []);

  return { opening, among, openBytes, openFile, close };
}

function unexpected(error: unknown): Pick<FailureReport, 'kind' | 'message'> {
  return { kind: 'Unknown', message: reasonOf(error) };
}
