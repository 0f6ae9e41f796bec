import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { formatCount } from '../../digits.ts';
import { formatBytes } from '../../inspection/module-types.ts';
import { printable } from '../../printable.ts';
import { type PageState, writeState } from '../state.ts';
import { followTask, type TaskRun } from '../task-run.ts';
import { Code } from '../views/code.tsx';
import { Failure } from '../views/failure.tsx';
import { RuleLink } from '../views/rule-link.tsx';
import { Run } from '../views/run.tsx';
import { Name } from '../views/text.tsx';
import type { BesideRow } from '../wat/beside.ts';
import { CHARGES, type ChargeKind } from '../wat/charges.ts';
import { type AloneReason, type FunctionView, LINES_MAX } from '../wat/function-view.ts';
import type { FoundFunctions } from '../wat/functions.ts';
import type { PanelProps } from './panel.ts';

/** How long a reader is not typing before it is searched, in milliseconds. */
const PAUSE_MS = 200;

/** How many lines of a function are shown at first, and more of it at a time. */
const LINES_STEP = 500;

/** Where the page explains what metering adds to code. */
const CHARGES_EXPLAINED = 'RATIONALE.md#where-do-charges-go-and-why-is-that-exact';

/** The code of a function, and what metering makes of it. */
export function FunctionCode(props: PanelProps): VNode {
  const [query, setQuery] = useState('');
  const [found, search] = useFunctions(props, query);
  const first = found.kind === 'done' && query === '' ? found.result.functions[0]?.index : undefined;
  const index = props.state.func ?? first;
  return (
    <>
      <p>
        <label for="function-query">Find a function by its name or index</label>
        <input
          id="function-query"
          type="search"
          autocomplete="off"
          value={query}
          onInput={({ currentTarget }) => setQuery(currentTarget.value)}
        />
      </p>
      <Run run={found} what="Reading the functions" again={search}>
        {(result) => <Found result={result} shown={index} {...props} />}
      </Run>
      {index !== undefined && <Shown key={`${props.plugin.id} ${index}`} index={index} {...props} />}
    </>
  );
}

/** The functions that a query finds. What it found before stays until there is more. */
function useFunctions(
  { plugin, worker }: PanelProps,
  query: string,
): readonly [run: TaskRun<'functions'>, search: () => void] {
  const [run, setRun] = useState<TaskRun<'functions'>>({ kind: 'none' });
  const [searched, setSearched] = useState(0);
  useEffect(() => {
    let isLatest = true;
    const show = (next: TaskRun<'functions'>): void => {
      if (isLatest) setRun((before) => (next.kind === 'running' && before.kind === 'done' ? before : next));
    };
    const input = { file: plugin.file, bytes: plugin.bytes, query };
    const timer = setTimeout(() => void followTask(worker, 'functions', input, show), query === '' ? 0 : PAUSE_MS);
    return () => {
      isLatest = false;
      clearTimeout(timer);
    };
  }, [plugin.id, query, searched]);
  return [run, () => setSearched(searched + 1)];
}

function Found({
  result: { functions, found, total },
  shown,
  state,
}: PanelProps & { readonly result: FoundFunctions; readonly shown: number | undefined }): VNode {
  const counted =
    found === total ? `${formatCount(total)} functions` : `${formatCount(found)} of ${formatCount(total)} functions`;
  const listed = found > functions.length ? `, ${formatCount(functions.length)} are listed` : '';
  return (
    <>
      <p class="note" role="status">
        {counted}
        {listed}
      </p>
      {functions.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so keys must reach it
        <section class="found" aria-label="Functions" tabIndex={0}>
          <ul>
            {functions.map(({ index, name, size, isImported }) => (
              <li key={index}>
                <a
                  href={writeState({ ...state, panel: 'function', func: index })}
                  aria-current={index === shown ? 'true' : undefined}
                >
                  <span class="index">{index}</span>
                  {name === '' ? 'without a name' : <Name text={name} max={120} />}
                </a>{' '}
                <span class="costs">{isImported ? 'imported' : formatBytes(size)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

/** A function. More of its lines are asked for when the reader wants them. */
function Shown({ plugin, worker, index, state }: PanelProps & { readonly index: number }): VNode {
  const [lines, setLines] = useState(LINES_STEP);
  const [run, setRun] = useState<TaskRun<'function'>>({ kind: 'none' });
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    let isLatest = true;
    const input = { file: plugin.file, bytes: plugin.bytes, index, lines };
    void followTask(worker, 'function', input, (next) => {
      if (isLatest) setRun((before) => (next.kind === 'running' && before.kind === 'done' ? before : next));
    });
    return () => {
      isLatest = false;
    };
  }, [lines, asked]);
  return (
    <Run run={run} what="Printing the function" again={() => setAsked(asked + 1)}>
      {(view) => (
        <>
          <FunctionText view={view} state={state} />
          {view.hasMore && <More lines={lines} more={() => setLines(lines + LINES_STEP)} />}
        </>
      )}
    </Run>
  );
}

function More({ lines, more }: { readonly lines: number; readonly more: () => void }): VNode {
  if (lines >= LINES_MAX) return <p class="note">Only the first {formatCount(LINES_MAX)} lines are shown.</p>;
  return (
    <p>
      <button type="button" onClick={more}>
        Show {formatCount(LINES_STEP)} more lines
      </button>
    </p>
  );
}

function FunctionText({
  view: { index, name, size, code },
  state,
}: {
  readonly view: FunctionView;
  readonly state: PageState;
}): VNode {
  const title = name === '' ? `Function ${index}` : `Function ${index}: ${printable(name, 200)}`;
  const bytes =
    code.kind === 'beside' ? `${formatBytes(size)}, metered ${formatBytes(code.meteredSize)}` : formatBytes(size);
  return (
    <>
      <h3>{title}</h3>
      {size > 0 && <p class="costs">{bytes}</p>}
      {code.kind === 'beside' ? (
        <>
          <Legend rows={code.rows} state={state} />
          <Code caption={title} rows={code.rows} />
        </>
      ) : (
        <>
          <Alone why={code.why} />
          <Code
            caption={title}
            rows={code.lines.map((metered) => ({ metered, change: 'same', original: metered }))}
            alone={code.why.kind === 'prepared' ? 'Metered' : 'Original'}
          />
        </>
      )}
    </>
  );
}

const REASONS: Readonly<Record<Exclude<AloneReason['kind'], 'refused'>, string>> = {
  imported: 'The module imports this function: the host provides its code.',
  prepared: 'The plugin is prepared, so this is the metered code already. The file it was made from has the original.',
};

/** Why there is no metered form beside. */
function Alone({ why }: { readonly why: AloneReason }): VNode {
  if (why.kind !== 'refused') return <p class="note">{REASONS[why.kind]}</p>;
  return (
    <>
      <p>A host would refuse to meter this plugin, so only the original is shown.</p>
      <Failure error={why.error} />
    </>
  );
}

/** What the marks mean, and the kinds of charges that the shown lines have. */
function Legend({ rows, state }: { readonly rows: readonly BesideRow[]; readonly state: PageState }): VNode {
  const found = new Set(rows.flatMap(({ charges = [] }) => charges.map(({ kind }) => kind)));
  // The keys of an object literal are those of its type.
  const kinds = (Object.keys(CHARGES) as ChargeKind[]).filter((kind) => found.has(kind));
  return (
    <div class="legend">
      <ul>
        <li>
          <b>+</b> metering added this line; the text above it says what it does
        </li>
        <li>
          <b>→</b> metering replaced the original line by this one
        </li>
        <li>
          <b>~</b> only the number of an index or a label differs: metering adds imported functions, and blocks around
          loops
        </li>
      </ul>
      {kinds.length > 0 && (
        <details>
          <summary>What the charges are for</summary>
          <dl>
            {kinds.map((kind) => {
              const [before, after]: readonly [string, string?] = CHARGES[kind].text;
              return (
                <div key={kind}>
                  <dt>{after === undefined ? before : `${before} N ${after}`}</dt>
                  <dd>{CHARGES[kind].why}</dd>
                </div>
              );
            })}
          </dl>
          <p>
            <RuleLink reference={CHARGES_EXPLAINED} state={state}>
              Why the charges are there, and why they are exact
            </RuleLink>
          </p>
        </details>
      )}
    </div>
  );
}
