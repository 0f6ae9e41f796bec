import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { formatCount } from '../../digits.ts';
import type { FailureReport } from '../../inspection/failure-report.ts';
import type { MeteringAdditions, MeteringReport } from '../../inspection/metering-report.ts';
import { formatBytes } from '../../inspection/module-types.ts';
import { printable } from '../../printable.ts';
import { followTask } from '../task-run.ts';
import { Facts } from '../views/facts.tsx';
import { Failure } from '../views/failure.tsx';
import { Run } from '../views/run.tsx';
import { Table } from '../views/table.tsx';
import { Name } from '../views/text.tsx';
import { useTask } from '../views/use-task.ts';
import type { PanelProps } from './panel.ts';

/** What metering adds to the plugin, and a button that opens the plugin prepared. */
export function Metering(props: PanelProps): VNode {
  const [run, start] = useTask(props, 'meter', true);
  return (
    <>
      <p>Before a plugin runs, a host writes counters into its code. They limit its fuel, time and memory.</p>
      <Run run={run} what="Metering the plugin" again={start}>
        {(report) => <Additions report={report} />}
      </Run>
      <Prepare {...props} />
    </>
  );
}

function Additions({ report }: { readonly report: MeteringReport }): VNode {
  if ('error' in report) return <Failure error={report.error} />;
  const { bytesBefore, bytesAfter, durationMs, functions, globals } = report;
  const growth = bytesBefore === 0 ? 0 : (bytesAfter / bytesBefore - 1) * 100;
  return (
    <>
      <Facts
        rows={[
          ['Before', formatBytes(bytesBefore)],
          ['After', `${formatBytes(bytesAfter)} (${growth < 0 ? '' : '+'}${growth.toFixed(1)} %)`],
          ['Time of metering', `${durationMs.toFixed(1)} ms`],
          ['Functions', `${formatCount(functions)} added`],
          ['Counters and other globals', `${formatCount(globals)} added`],
        ]}
      />
      <h3>Sections before and after</h3>
      <Growth sections={report.sections} />
      <h3>Added imports and exports</h3>
      <Added {...report} />
    </>
  );
}

function Growth({ sections }: Pick<MeteringAdditions, 'sections'>): VNode {
  return (
    <Table
      caption="Sections before and after"
      columns={[
        { title: 'Section' },
        { title: 'Before', isNumeric: true },
        { title: 'After', isNumeric: true },
        { title: 'Added', isNumeric: true },
      ]}
      rows={sections.map(({ name, customName, before, after }) => [
        customName === undefined ? name : <Name key="name" text={`${name}: ${customName}`} />,
        formatCount(before),
        formatCount(after),
        after < before ? `−${formatCount(before - after)}` : formatCount(after - before),
      ])}
    />
  );
}

function Added({ imports, exports }: Pick<MeteringAdditions, 'imports' | 'exports'>): VNode {
  return (
    <Table
      caption="Added imports and exports"
      columns={[{ title: 'Added' }, { title: 'Name' }, { title: 'Kind' }, { title: 'Type' }]}
      rows={[
        ...imports.map(({ module, name, kind, type }) => ['import', `${module} ${name}`, kind, type]),
        ...exports.map(({ name, kind, type = '' }) => ['export', name, kind, type]),
      ].map(([added, name = '', kind, type]) => [
        added,
        <Name key="name" text={name} />,
        kind,
        <code key="type">{type}</code>,
      ])}
    />
  );
}

function Prepare({ plugin, worker, open }: PanelProps): VNode {
  const [error, setError] = useState<FailureReport>();
  const prepare = (): void => {
    const { file, bytes } = plugin;
    void followTask(worker, 'prepare', { file, bytes }, (run) => {
      setError(run.kind === 'failed' ? run.error : undefined);
      if (run.kind === 'done') open(file.replace(/(?:\.wasm)?$/, '.prepared.wasm'), run.result);
    });
  };
  return (
    <>
      <h3>Prepare it</h3>
      <p>
        A host that may not compile at run time needs a prepared plugin, which contains metering. This prepares the
        plugin for this browser, and opens the result.
      </p>
      <p>
        <button type="button" onClick={prepare}>
          Open {printable(plugin.file, 60)} prepared
        </button>
      </p>
      {error !== undefined && <Failure error={error} />}
    </>
  );
}
