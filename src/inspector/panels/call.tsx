import type { VNode } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { budgetsText, readBudgets } from '../call/budgets.ts';
import { type CallSettings, FIRST_SETTINGS } from '../call/settings.ts';
import { callablesOf, targetOf, targetText } from '../request/callables.ts';
import { Bench } from '../views/bench.tsx';
import { BudgetForm } from '../views/budget-form.tsx';
import { Failure } from '../views/failure.tsx';
import { HostForm } from '../views/host-form.tsx';
import { Run } from '../views/run.tsx';
import { TargetChoice } from '../views/target-choice.tsx';
import { useRequestInAddress } from '../views/use-request-in-address.ts';
import { useSampleRequest } from '../views/use-sample-request.ts';
import type { SessionInput } from '../worker/calls.ts';
import type { PanelProps } from './panel.ts';

/** Composes a request, and calls the plugin with it once or many times. */
export function Call(props: PanelProps): VNode {
  const { plugin, worker, state, setState } = props;
  const callables = useMemo(() => callablesOf(plugin.generation), [plugin.generation]);
  const [host, setHost] = useState(FIRST_SETTINGS);
  const budgets = useMemo(() => readBudgets(state.budgets), [state.budgets]);
  const settings: CallSettings = { ...host, budgets };
  const session: SessionInput = { file: plugin.file, bytes: plugin.bytes, pluginId: plugin.id, settings };
  const [text, setText] = useState(state.request);
  // Whether the text is the reader's, and the sample must not replace it.
  const keepsText = useRef(false);
  const { run, sample, load } = useSampleRequest(worker, session, (made) => {
    if (!keepsText.current) setText(made.text);
    keepsText.current = false;
  });
  const begin = (): void => load(targetOf(callables, state.call));
  useEffect(() => {
    keepsText.current = state.request !== '';
    if (keepsText.current) setText(state.request);
    begin();
  }, [state.call]);
  useRequestInAddress(text, sample, props);
  return (
    <>
      {sample !== undefined && run.kind === 'failed' && <Failure error={run.error} />}
      <Run
        run={sample === undefined ? run : { kind: 'done', result: sample }}
        what="Admitting the plugin"
        again={begin}
      >
        {(made) => (
          <>
            <TargetChoice
              callables={callables}
              target={made.target}
              implemented={made.implemented}
              samples={made.all}
              sample={text === made.text ? made.what : ''}
              onTarget={(target) => setState({ call: targetText(target), request: '' })}
              onSample={(what) => load(made.target, what)}
            />
            <details class="settings">
              <summary>Budgets and host</summary>
              <BudgetForm
                generation={plugin.generation}
                values={budgets}
                onValues={(values) => setState({ budgets: budgetsText(values) })}
              />
              {plugin.generation === 1 && <HostForm settings={host} onSettings={setHost} />}
            </details>
            <Bench {...props} callables={callables} sample={made} session={session} text={text} onText={setText} />
          </>
        )}
      </Run>
    </>
  );
}
