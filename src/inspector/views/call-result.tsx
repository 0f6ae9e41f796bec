import type { ComponentChildren, VNode } from 'preact';
import { formatCount } from '../../digits.ts';
import { formatBytes } from '../../inspection/module-types.ts';
import { printable } from '../../printable.ts';
import type { CallOutcome, CallReport, CutText, HostContents, RawMessage, Recorded } from '../call/report.ts';
import { verdictOf } from '../call/verdict.ts';
import { visibleLines } from '../visible-text.ts';
import { CallFaultView } from './call-fault.tsx';
import { Facts } from './facts.tsx';
import { StatusMark } from './status-mark.tsx';
import { Table } from './table.tsx';
import { Name } from './text.tsx';

/** What came of a call: the answer or the failure, what it took, and what the host saw. */
export function CallResult({
  report,
  hrefOf,
  label = 'Result of the call',
}: {
  readonly report: CallReport;
  /** The address of the code of a function, by its index. */
  readonly hrefOf: (index: number) => string;
  /** What it is called, if a page has several. */
  readonly label?: string;
}): VNode {
  const { name, outcome, cost, sent, answered, recorded, host, callsBefore, remark } = report;
  return (
    <section class="result card" aria-label={label}>
      <p class="verdict">
        <StatusMark status={outcome.kind === 'ok' ? 'pass' : 'fail'} text={verdictOf(name, outcome)} />
      </p>
      {remark !== undefined && <p class="note">{printable(remark, 1_000)}</p>}
      <Facts
        rows={[
          ['Time', cost && `${cost.durationMs.toFixed(2)} ms`],
          ['Fuel', cost && countText(cost.fuel)],
          ['Pages of memory', cost && countText(cost.memoryPages)],
          ['Request', sent && formatBytes(sent.bytes)],
          ['Answer', answered && formatBytes(answered.bytes)],
          ['Earlier calls of this instance', host && cost && formatCount(callsBefore)],
        ]}
      />
      <Outcome outcome={outcome} hrefOf={hrefOf} />
      <Raw title="What the plugin was sent" message={sent} />
      <Raw title="What the plugin sent back" message={answered} />
      <Reported recorded={recorded} />
      {host !== undefined && outcome.kind !== 'refused' && <Host host={host} />}
    </section>
  );
}

function countText(count: number): string {
  return Number.isNaN(count) ? 'not counted' : formatCount(count);
}

function Outcome({
  outcome,
  hrefOf,
}: {
  readonly outcome: CallOutcome;
  readonly hrefOf: (index: number) => string;
}): VNode {
  if (outcome.kind === 'ok') {
    return (
      <>
        <h3>Response</h3>
        <Cut cut={outcome.response} unit="characters" />
      </>
    );
  }
  const facts: readonly (readonly [string, ComponentChildren])[] =
    outcome.kind === 'fallback'
      ? [
          ['Policy', outcome.policy],
          ['Stage', outcome.stage],
        ]
      : outcome.kind === 'error'
        ? [
            ['Phase', outcome.phase],
            ['What cc-lb calls it', outcome.upstream ?? 'no name: it has no such failure'],
          ]
        : [['Stage', outcome.stage]];
  return (
    <>
      <CallFaultView fault={outcome.fault} hrefOf={hrefOf} />
      <Facts rows={facts} />
    </>
  );
}

/** A text that scrolls, whatever it holds, and how much of it is missing. */
function Cut({ cut: { text, more }, unit }: { readonly cut: CutText; readonly unit: 'characters' | 'bytes' }): VNode {
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>{visibleLines(text)}</pre>
      {more > 0 && (
        <p class="note">
          And {formatCount(more)} more {unit}, which are not shown.
        </p>
      )}
    </>
  );
}

function Raw({ title, message }: { readonly title: string; readonly message: RawMessage | undefined }): VNode | null {
  if (message === undefined) return null;
  return (
    <details>
      <summary>
        {title}, {formatBytes(message.bytes)}
      </summary>
      <Cut cut={message.content} unit={message.unit} />
    </details>
  );
}

function Reported({ recorded: { logs, moreLogs, counters, moreCounters } }: { readonly recorded: Recorded }): VNode {
  return (
    <>
      {logs.length > 0 && (
        <>
          <h3>Logs</h3>
          <ul class="logs" aria-label="Logs of the call">
            {logs.map(({ level, target, message }, index) => (
              <li key={`${index}`}>
                <b>{level}</b> <span class="type">{target}</span> {printable(message, 2_000)}
              </li>
            ))}
          </ul>
          {moreLogs > 0 && <p class="note">And {formatCount(moreLogs)} more.</p>}
        </>
      )}
      {counters.length > 0 && (
        <>
          <h3>Counters</h3>
          <Table
            caption="Counters of the call"
            columns={[
              { title: 'Name' },
              { title: 'Labels' },
              { title: 'Sum', isNumeric: true },
              { title: 'Times', isNumeric: true },
            ]}
            rows={counters.map(({ name, labels, total, times }) => [
              <Name key="name" text={name} />,
              printable(labels, 500),
              total,
              formatCount(times),
            ])}
          />
          {moreCounters > 0 && <p class="note">And {formatCount(moreCounters)} more, of other names.</p>}
        </>
      )}
    </>
  );
}

/** What the host of the page holds for the plugin. */
function Host({ host }: { readonly host: HostContents }): VNode {
  const { usedBytes, quotaBytes, entries, moreEntries, clockReads, randomBytes } = host;
  const quota = Number.isFinite(quotaBytes) ? formatBytes(quotaBytes) : 'no quota';
  return (
    <>
      <h3>Host</h3>
      <Facts
        rows={[
          ['Storage', `${formatBytes(usedBytes)} of ${quota}`],
          ['Readings of the clock', formatCount(clockReads)],
          ['Random bytes', formatCount(randomBytes)],
        ]}
      />
      <Table
        caption="What the plugin stored"
        columns={[{ title: 'Key' }, { title: 'Bytes', isNumeric: true }, { title: 'Value' }]}
        rows={entries.map(({ key, bytes, value }) => [
          <Name key="key" text={key} />,
          formatCount(bytes),
          <code key="value">
            {printable(value.text, 600)}
            {value.more > 0 ? '…' : ''}
          </code>,
        ])}
        none="The plugin stored nothing."
      />
      {moreEntries > 0 && <p class="note">And {formatCount(moreEntries)} more entries.</p>}
    </>
  );
}
