import type { VNode } from 'preact';
import {
  type CheckReport,
  type CheckStatus,
  groupChecks,
  measurementText,
  type VerifyReport,
  verdictText,
} from '../../conformance/index.ts';
import type { PageState } from '../state.ts';
import type { TaskRun } from '../task-run.ts';
import { Failure } from '../views/failure.tsx';
import { RuleLink } from '../views/rule-link.tsx';
import { StatusMark } from '../views/status-mark.tsx';
import { WithCode } from '../views/text.tsx';
import { useTask } from '../views/use-task.ts';
import type { PanelProps } from './panel.ts';

const NAMES: Readonly<Record<CheckStatus, string>> = {
  pass: 'passed',
  warn: 'warned',
  fail: 'failed',
  skipped: 'skipped',
};

/** All results, the ones that need a change first. */
const STATUSES: readonly CheckStatus[] = ['fail', 'warn', 'pass', 'skipped'];

/** The checks of the conformance suite, which run when they are asked for. */
export function Conformance(props: PanelProps): VNode {
  const { worker, state } = props;
  const [run, start] = useTask(props, 'verify', false);
  return (
    <>
      <p>Each rule of the contract that applies to the plugin is checked, with valid and with malformed requests.</p>
      <p>
        {run.kind === 'running' ? (
          <button type="button" onClick={() => worker.stop()}>
            Stop the checks
          </button>
        ) : (
          <button type="button" onClick={start}>
            {run.kind === 'none' ? 'Run the checks' : 'Run the checks again'}
          </button>
        )}
      </p>
      <Checking run={run} />
      {run.kind === 'failed' && <Failure error={run.error} />}
      {run.kind === 'done' && <Report report={run.result} state={state} />}
    </>
  );
}

/** How far the checks are: a live region, and a bar. */
function Checking({ run }: { readonly run: TaskRun<'verify'> }): VNode {
  const progress = run.kind === 'running' ? run.progress : undefined;
  return (
    <div class="progress">
      {run.kind === 'running' && (
        <progress aria-label="Checks" max={progress?.total ?? 1} value={progress?.done ?? 0} />
      )}
      <p role="status" aria-label="Conformance">
        {statusText(run)}
      </p>
    </div>
  );
}

function statusText(run: TaskRun<'verify'>): string {
  switch (run.kind) {
    case 'none':
    case 'failed':
      return '';
    case 'running':
      return run.progress === undefined ? 'Checking…' : `${run.progress.done} of ${run.progress.total} checks`;
    case 'stopped':
      return 'The checks were stopped.';
    case 'done':
      return countsText(run.result);
  }
}

function countsText({ counts }: VerifyReport): string {
  return STATUSES.filter((status) => counts[status] > 0)
    .map((status) => `${counts[status]} ${NAMES[status]}`)
    .join(', ');
}

function Report({ report, state }: { readonly report: VerifyReport; readonly state: PageState }): VNode {
  const { verdict, checks, kinds, kind } = report;
  const found = (['fail', 'warn'] as const).flatMap((wanted) => checks.filter(({ status }) => status === wanted));
  return (
    <>
      <p class="verdict">
        <StatusMark status={verdict} text={`The plugin ${verdictText(report)}`} />
      </p>
      <p class="note">Checked as {kinds.join(', ') || kind}.</p>
      {found.length > 0 && (
        <>
          <h3>What to change</h3>
          <ol class="findings">
            {found.map((check) => (
              <li key={check.id} class={check.status}>
                <Finding check={check} state={state} />
              </li>
            ))}
          </ol>
        </>
      )}
      <h3>All checks</h3>
      {[...groupChecks(checks)].map(([group, members]) => (
        <Group key={group} group={group} members={members} state={state} />
      ))}
    </>
  );
}

function Finding({ check, state }: { readonly check: CheckReport; readonly state: PageState }): VNode {
  const { id, status, rule, found, hint, reference } = check;
  return (
    <>
      <h4>
        <StatusMark status={status} text={NAMES[status]} /> <code>{id}</code>
      </h4>
      <p>
        {rule} <RuleLink reference={reference} state={state} />
      </p>
      {found !== undefined && (
        <p>
          <b>Found:</b> <WithCode text={found} />
        </p>
      )}
      {hint !== undefined && (
        <p class="hint">
          <b>Change:</b> <WithCode text={hint} />
        </p>
      )}
    </>
  );
}

/** The checks of a group, folded: those that need a change stand above already. */
function Group({
  group,
  members,
  state,
}: {
  readonly group: string;
  readonly members: readonly CheckReport[];
  readonly state: PageState;
}): VNode {
  const counts = STATUSES.flatMap((wanted) => {
    const count = members.filter(({ status }) => status === wanted).length;
    return count === 0 ? [] : [<StatusMark key={wanted} status={wanted} text={`${count} ${NAMES[wanted]}`} />];
  });
  return (
    <details class="group">
      <summary>
        {group} {counts}
      </summary>
      <ul class="checks">
        {members.map((check) => (
          <li key={check.id}>
            <CheckItem check={check} state={state} />
          </li>
        ))}
      </ul>
    </details>
  );
}

function CheckItem({ check, state }: { readonly check: CheckReport; readonly state: PageState }): VNode {
  const { id, status, rule, reference, measured, reason, durationMs } = check;
  const costs = [...(measured === undefined ? [] : [measurementText(measured)]), `${durationMs.toFixed(1)} ms`];
  return (
    <>
      <StatusMark status={status} text={NAMES[status]} /> <code>{id}</code>{' '}
      <RuleLink reference={reference} state={state} />
      <p>{rule}</p>
      {reason !== undefined && (
        <p class="note">
          <WithCode text={reason} />
        </p>
      )}
      {status !== 'skipped' && <p class="costs">{costs.join(' · ')}</p>}
    </>
  );
}
