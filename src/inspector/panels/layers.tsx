import type { ComponentChildren, VNode } from 'preact';
import { formatCount } from '../../digits.ts';
import { printable } from '../../printable.ts';
import type { LogEvent } from '../../telemetry.ts';
import { admissionFacts } from '../admission-facts.ts';
import { type LayerRow, layerRows, verdictOf } from '../layer-rows.ts';
import type { PageState } from '../state.ts';
import { Facts } from '../views/facts.tsx';
import { Failure } from '../views/failure.tsx';
import { Json } from '../views/json.tsx';
import { RuleLink } from '../views/rule-link.tsx';
import { Run } from '../views/run.tsx';
import { StatusMark } from '../views/status-mark.tsx';
import { useTask } from '../views/use-task.ts';
import type { AdmissionResult } from '../worker/admission.ts';
import type { PanelProps } from './panel.ts';

/** What a host does before it calls the plugin: each layer or step, and what was said in it. */
export function Layers(props: PanelProps): VNode {
  const [run, start] = useTask(props, 'admit', true);
  return (
    <Run run={run} what="Admitting the plugin" again={start}>
      {(result) => <Admission result={result} state={props.state} />}
    </Run>
  );
}

function Admission({ result, state }: { readonly result: AdmissionResult; readonly state: PageState }): VNode {
  const { passed, text } = verdictOf(result);
  const facts = admissionFacts(result);
  return (
    <>
      <p class="verdict" role="status">
        <StatusMark status={passed ? 'pass' : 'fail'} text={text} />
      </p>
      {facts.length > 0 && <Facts rows={facts} />}
      <ol class="layers">
        {layerRows(result).map((row) => (
          <li key={row.title} class={row.status}>
            <Layer row={row} state={state} />
          </li>
        ))}
      </ol>
      <Logs logs={result.logs} more={result.moreLogs} />
    </>
  );
}

function Layer({ row, state }: { readonly row: LayerRow; readonly state: PageState }): ComponentChildren {
  const { title, reference, status, statusText, durationMs, fuel, error, exchange } = row;
  const costs = [
    ...(durationMs === undefined ? [] : [`${durationMs.toFixed(1)} ms`]),
    ...(fuel === undefined ? [] : [`${formatCount(fuel)} fuel`]),
  ];
  return (
    <>
      <h3>
        <StatusMark status={status} text={statusText} /> {title}
      </h3>
      <p class="costs">
        {costs.map((cost) => `${cost} · `)}
        <RuleLink reference={reference} state={state} />
      </p>
      {error !== undefined && <Failure error={error} />}
      {exchange.request !== undefined && <Json title={`Request of ${title}`} text={exchange.request} />}
      {exchange.response !== undefined && <Json title={`Response of ${title}`} text={exchange.response} />}
    </>
  );
}

function Logs({ logs, more }: { readonly logs: readonly LogEvent[]; readonly more: number }): VNode | null {
  if (logs.length === 0) return null;
  return (
    <>
      <h3>What the plugin logged</h3>
      <ul class="logs">
        {logs.map(({ level, message }, index) => (
          <li key={`${index}`}>
            <b>{level}</b> {printable(message)}
          </li>
        ))}
      </ul>
      {more > 0 && <p class="note">And {formatCount(more)} more.</p>}
    </>
  );
}
