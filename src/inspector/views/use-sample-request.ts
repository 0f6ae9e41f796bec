import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { JsonNode } from '../../json/text/node.ts';
import { readJson } from '../../json/text/reader.ts';
import type { CallTarget } from '../request/callables.ts';
import { type Callable, requestTypeOf } from '../request/callables.ts';
import { collectValues, type NamedValues } from '../request/first-values.ts';
import { followTask, type TaskRun } from '../task-run.ts';
import type { SampleRequest, SessionInput } from '../worker/calls.ts';
import type { WorkerClient } from '../worker/worker-client.ts';

/** The request to begin with, as the worker makes it. */
export interface LoadedSample {
  readonly run: TaskRun<'sampleRequest'>;
  /** The latest that was made; `undefined` before the first. */
  readonly sample: SampleRequest | undefined;
  /** Makes one for a target, or for what the plugin implements first. */
  readonly load: (target: CallTarget | undefined, what?: string) => void;
}

/**
 * Asks the worker for a request to begin with.
 *
 * @param onSample called with each that was asked for last.
 */
export function useSampleRequest(
  worker: WorkerClient,
  input: SessionInput,
  onSample: (sample: SampleRequest) => void,
): LoadedSample {
  const [run, setRun] = useState<TaskRun<'sampleRequest'>>({ kind: 'none' });
  const [sample, setSample] = useState<SampleRequest>();
  const asked = useRef(0);
  useEffect(
    () => () => {
      // What comes after the panel is left is for nobody.
      asked.current = Number.POSITIVE_INFINITY;
    },
    [],
  );
  const load: LoadedSample['load'] = (target, what) => {
    const id = ++asked.current;
    const wanted = { ...input, ...(target !== undefined && { target }), ...(what !== undefined && { what }) };
    void followTask(worker, 'sampleRequest', wanted, (next) => {
      if (id !== asked.current) return;
      setRun(next);
      if (next.kind !== 'done') return;
      setSample(next.result);
      onSample(next.result);
    });
  };
  return { run, sample, load };
}

/** The values that a form adds: those of the sample, and of the request with every option. */
export function useKnownValues(callables: readonly Callable[], sample: SampleRequest | undefined): NamedValues {
  return useMemo(() => {
    const known = new Map<string, JsonNode>();
    if (sample === undefined) return known;
    const type = requestTypeOf(callables, sample.target);
    for (const text of [sample.text, sample.full]) {
      if (text !== undefined) collectValues(type, readJson(text), known);
    }
    return known;
  }, [callables, sample]);
}
