import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { formatCount } from '../digits.ts';
import { formatBytes } from '../inspection/module-types.ts';
import { printable } from '../printable.ts';
import { PACKAGE_VERSION } from '../version.ts';
import { panelsFor } from './panels/index.ts';
import type { Panel, PanelProps } from './panels/panel.ts';
import { Rules } from './panels/rules.tsx';
import type { OpenPlugin } from './plugin.ts';
import type { RuleDocument } from './rule-documents.ts';
import type { Sample } from './samples.ts';
import { type PageState, writeState } from './state.ts';
import type { TaskRuns } from './task-run.ts';
import { Chooser } from './views/chooser.tsx';
import { Failure } from './views/failure.tsx';
import { useDrop } from './views/use-drop.ts';
import { type ChosenFile, type Opening, useOpenPlugin } from './views/use-open-plugin.ts';
import { usePageState } from './views/use-page-state.ts';
import { useSample } from './views/use-sample.ts';
import { Work } from './views/work.tsx';
import type { WorkerClient } from './worker/worker-client.ts';

const TITLE = 'Plugin inspector';

/** What the state holds about one plugin, and is of no use for the next. */
const OF_A_PLUGIN = { func: undefined, call: '', request: '' } as const;

/** The whole page. */
export function App({
  worker,
  runs,
  samples,
  documents,
}: {
  readonly worker: WorkerClient;
  readonly runs: TaskRuns;
  readonly samples: readonly Sample[];
  readonly documents: readonly RuleDocument[];
}): VNode {
  const [state, setState] = usePageState();
  const { opening, among, openBytes, openFile, close } = useOpenPlugin(worker, runs);
  const leaveSample = useSample(state.sample, samples, openBytes, close);
  const openOwn = (file: string, bytes: Uint8Array<ArrayBuffer>): void => {
    leaveSample();
    setState({ ...OF_A_PLUGIN, sample: '' });
    openBytes(file, bytes);
  };
  const choose = (files: readonly ChosenFile[]): void => {
    const [first] = files;
    if (first === undefined) return;
    leaveSample();
    setState({ ...OF_A_PLUGIN, sample: '' });
    void openFile(first, files.length);
  };
  useDrop(choose);
  useTitle(opening);
  const plugin = opening.kind === 'open' ? opening.plugin : undefined;
  return (
    <>
      <header>
        <h1>{TITLE}</h1>
        <p class="lead">Looks into a plugin of cc-lb and runs it. Nothing leaves this page.</p>
        <Chooser
          samples={samples}
          sample={state.sample}
          onFiles={choose}
          onSample={(sample) => setState({ ...OF_A_PLUGIN, sample })}
        />
        <Work worker={worker} />
      </header>
      <Parts plugin={plugin} state={state} />
      <main>
        <Opened opening={opening} among={among} />
        {state.panel === RULES && <Rules documents={documents} state={state} />}
        {plugin !== undefined && state.panel !== RULES && (
          <Shown plugin={plugin} worker={worker} runs={runs} state={state} setState={setState} open={openOwn} />
        )}
      </main>
      <footer>
        <p>cc-lb-runtime-protocol {PACKAGE_VERSION}</p>
      </footer>
    </>
  );
}

/** Names the open file in the title of the page, which is what a list of tabs shows. */
function useTitle(opening: Opening): void {
  const file = opening.kind === 'open' ? opening.plugin.file : undefined;
  useEffect(() => {
    document.title = file === undefined ? TITLE : `${printable(file, 60)} \u2013 ${TITLE}`;
  }, [file]);
}

/** The id of the part with the contract, which needs no plugin. */
const RULES = 'rules';

/** Links to the panels that are for the plugin, and to the rules. */
function Parts({ plugin, state }: { readonly plugin: OpenPlugin | undefined; readonly state: PageState }): VNode {
  const shown = state.panel === RULES ? RULES : plugin && panelOf(plugin, state)?.id;
  const parts = [...(plugin === undefined ? [] : panelsFor(plugin)), { id: RULES, title: 'Rules' }];
  return (
    <nav aria-label="Parts">
      <ul>
        {parts.map(({ id, title }) => (
          <li key={id}>
            <a href={writeState({ ...state, panel: id })} aria-current={id === shown ? 'page' : undefined}>
              {title}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function panelOf(plugin: OpenPlugin, { panel: id }: PageState): Panel | undefined {
  const panels = panelsFor(plugin);
  return panels.find((panel) => panel.id === id) ?? panels[0];
}

/** What was opened, or why it was not: a live region, so that it is read out. */
function Opened({ opening, among }: { readonly opening: Opening; readonly among: number }): VNode {
  return (
    <div class="opened" role="status" aria-label="File">
      {opening.kind === 'none' && <p class="note">No plugin is open.</p>}
      {opening.kind === 'reading' && <p class="note">Reading {printable(opening.file)}…</p>}
      {opening.kind === 'refused' && (
        <>
          <h2>{printable(opening.file)} was not opened</h2>
          <Failure error={opening.error} />
          {among > 1 && <Others tried="Tried" file={opening.file} among={among} />}
        </>
      )}
      {opening.kind === 'open' && (
        <>
          <OpenedPlugin plugin={opening.plugin} />
          {among > 1 && <Others tried="Opened" file={opening.plugin.file} among={among} />}
        </>
      )}
    </div>
  );
}

/** Says that other files came with the one that the page took. */
function Others({
  tried,
  file,
  among,
}: {
  readonly tried: 'Opened' | 'Tried';
  readonly file: string;
  readonly among: number;
}): VNode {
  return (
    <p class="note">
      {tried} {printable(file)}, the first of {formatCount(among)} files: the page shows one at a time.
    </p>
  );
}

function OpenedPlugin({ plugin: { file, bytes, report } }: { readonly plugin: OpenPlugin }): VNode {
  const kind = report.generation === undefined ? 'not a plugin by its exports' : `generation ${report.generation}`;
  const facts = [
    formatBytes(bytes.length),
    ...(report.valid ? [kind] : ['not a valid module']),
    ...(report.prepared ? ['prepared'] : []),
  ];
  return (
    <>
      <h2>{printable(file)}</h2>
      <p>{facts.join(', ')}</p>
      {report.prepared && <p class="note">It is prepared: its metering is believed, not checked.</p>}
      {report.error !== undefined && <Failure error={report.error} />}
    </>
  );
}

function Shown(props: PanelProps): VNode | null {
  const panel = panelOf(props.plugin, props.state);
  if (panel === undefined) return null;
  const { component: Component, id, title } = panel;
  return (
    <section class={`panel ${id}`} aria-labelledby="panel-title">
      <h2 id="panel-title">{title}</h2>
      <Component key={`${props.plugin.id} ${id}`} {...props} />
    </section>
  );
}
