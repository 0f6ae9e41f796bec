import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { verdictOf } from '../call/verdict.ts';
import type { PanelProps } from '../panels/panel.ts';
import { type Callable, requestTypeOf } from '../request/callables.ts';
import { writeState } from '../state.ts';
import { followTask, type TaskRun } from '../task-run.ts';
import type { CallInput, SampleRequest, SessionInput } from '../worker/calls.ts';
import type { WorkerClient } from '../worker/worker-client.ts';
import { CallResult } from './call-result.tsx';
import { Composer } from './composer.tsx';
import { Run } from './run.tsx';
import { SeriesForm } from './series-form.tsx';
import { useRequest } from './use-request.ts';
import { useKnownValues } from './use-sample-request.ts';

/** The request of a call, the calls that are made with it, and what comes of them. */
export function Bench({
  callables,
  sample,
  session,
  text,
  onText,
  plugin,
  worker,
  state,
  setState,
}: Pick<PanelProps, 'plugin' | 'worker' | 'state' | 'setState'> & {
  readonly callables: readonly Callable[];
  readonly sample: SampleRequest;
  readonly session: SessionInput;
  readonly text: string;
  readonly onText: (text: string) => void;
}): VNode {
  const { target } = sample;
  const known = useKnownValues(callables, sample);
  const type = requestTypeOf(callables, target);
  const { isSettled, ...read } = useRequest(type, text);
  const [run, setRun] = useState<TaskRun<'callOnce'>>({ kind: 'none' });
  const input: CallInput | undefined =
    isSettled && read.faults.length === 0 ? { ...session, target, request: text } : undefined;
  const hrefOf = (index: number): string => writeState({ ...state, panel: 'function', func: index });
  const call = (): void => {
    if (input !== undefined) void followTask(worker, 'callOnce', input, setRun);
  };
  return (
    <>
      <Composer type={type} text={text} read={read} isSettled={isSettled} known={known} onText={onText} />
      <div class="actions">
        <button type="button" class="main" disabled={input === undefined || run.kind === 'running'} onClick={call}>
          Call {target.name}
        </button>
        {plugin.generation === 1 && <Reset worker={worker} session={session} />}
      </div>
      {/* The result is long: only what came of the call is read out. */}
      <p role="status" aria-label="Call" class="unseen">
        {run.kind === 'done' ? verdictOf(run.result.name, run.result.outcome) : ''}
      </p>
      <Run run={run} what="Calling the plugin" again={call}>
        {(report) => <CallResult report={report} hrefOf={hrefOf} />}
      </Run>
      <h3>Repeated calls</h3>
      <SeriesForm
        worker={worker}
        input={input}
        hrefOf={hrefOf}
        repeats={state.repeats}
        onRepeats={(repeats) => setState({ repeats })}
      />
    </>
  );
}

/** Takes another instance for the next call, or forgets what the plugin stored. */
function Reset({ worker, session }: { readonly worker: WorkerClient; readonly session: SessionInput }): VNode {
  const [done, setDone] = useState('');
  const reset = (storage: boolean, text: string): void => {
    setDone('');
    void followTask(worker, 'resetInstance', { ...session, storage }, (run) => {
      if (run.kind === 'done') setDone(text);
    });
  };
  return (
    <>
      <button type="button" onClick={() => reset(false, 'The next call gets a new instance.')}>
        Reset the instance
      </button>
      <button type="button" onClick={() => reset(true, 'The next call gets a new instance, and nothing is stored.')}>
        Reset the instance and its storage
      </button>
      <span role="status" aria-label="Reset" class="note">
        {done}
      </span>
    </>
  );
}
