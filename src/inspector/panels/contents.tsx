import type { ComponentChildren, VNode } from 'preact';
import { formatCount } from '../../digits.ts';
import type { FailureReport } from '../../inspection/failure-report.ts';
import type { HookModuleReport } from '../../inspection/hook-module-report.ts';
import { hookWarningText } from '../../inspection/hook-warning-text.ts';
import type { ExportReport, ImportReport, ModuleContents, ModuleReport } from '../../inspection/module-report.ts';
import { formatHex, formatMemory } from '../../inspection/module-types.ts';
import { providerText } from '../../inspection/provider-text.ts';
import type { PluginIdentity } from '../../protocol/messages/index.ts';
import { writeState } from '../state.ts';
import { Facts } from '../views/facts.tsx';
import { Failure } from '../views/failure.tsx';
import { StatusMark } from '../views/status-mark.tsx';
import { Table } from '../views/table.tsx';
import { Lines, Name, WithCode } from '../views/text.tsx';
import type { PanelProps } from './panel.ts';

/** What the module says of itself, and what it imports and exports. Nothing of it runs. */
export function Contents({ plugin: { report, generation }, state }: PanelProps): VNode {
  const { contents, preparation } = report;
  // Of a prepared module, the functions of the original have other indices than its code.
  const addressOf =
    report.prepared || !report.valid ? undefined : (func: number) => writeState({ ...state, panel: 'function', func });
  return (
    <>
      {generation === 1 ? <Identity {...report} /> : <Metadata {...report} />}
      {contents !== undefined && <Sections contents={contents} isPrepared={report.prepared} addressOf={addressOf} />}
      {preparation !== undefined && (
        <>
          <h3>Imports that preparation added</h3>
          <Imports imports={preparation.imports} caption="Imports that preparation added" />
          <h3>Exports that preparation added</h3>
          <Exports exports={preparation.exports} caption="Exports that preparation added" />
        </>
      )}
    </>
  );
}

function Identity({ identity, identityError }: Pick<ModuleReport, 'identity' | 'identityError'>): VNode {
  return (
    <>
      <h3>Identity</h3>
      {identity === undefined ? <Missing error={identityError} /> : <IdentityFacts {...identity} />}
    </>
  );
}

function IdentityFacts({ plugin_name, plugin_version, abi_envelope, magic }: PluginIdentity): VNode {
  return (
    <Facts
      rows={[
        ['plugin_name', <Name key="name" text={plugin_name} />],
        ['plugin_version', <Name key="version" text={plugin_version} />],
        ['abi_envelope', String(abi_envelope)],
        ['magic', <code key="magic">{formatHex(magic)}</code>],
      ]}
    />
  );
}

function Missing({ error }: { readonly error: FailureReport | undefined }): VNode {
  return error === undefined ? <p class="note">None.</p> : <Failure error={error} />;
}

function Metadata({ inspection, inspectionError, features }: HookModuleReport): VNode {
  if (inspection === undefined)
    return (
      <>
        <h3>Metadata</h3>
        <Missing error={inspectionError} />
      </>
    );
  const { metadata, hooks, warnings } = inspection;
  return (
    <>
      <h3>Metadata</h3>
      <Facts
        rows={(['name', 'version', 'description', 'usage'] as const).map((field) => [
          field,
          <Lines key={field} text={metadata[field]} />,
        ])}
      />
      <h3>Hooks</h3>
      <Table
        caption="Hooks"
        columns={[
          { title: 'Hook' },
          { title: 'Mode' },
          { title: 'Version', isNumeric: true },
          { title: 'Fingerprint' },
        ]}
        rows={hooks.map(({ name, mode, wireVersion, fingerprint }) => [
          <code key="name">{name}</code>,
          mode,
          String(wireVersion),
          fingerprint === undefined ? '' : <Name key="print" text={fingerprint} />,
        ])}
      />
      <h3>Warnings</h3>
      <Table
        caption="Warnings"
        columns={[{ title: 'Kind' }, { title: 'What it means' }]}
        rows={warnings.map((warning) => [
          <StatusMark key="kind" status="warn" text={warning.kind} />,
          <WithCode key="text" text={hookWarningText(warning)} />,
        ])}
      />
      {features !== undefined && <Features {...features} />}
    </>
  );
}

function Features({ refused, wideArithmetic }: NonNullable<HookModuleReport['features']>): VNode {
  const rows: ComponentChildren[][] = [
    ...(refused === undefined ? [] : [[refused.feature, formatCount(refused.offset), 'cc-lb switches it off']]),
    ...(wideArithmetic === undefined
      ? []
      : [['wide arithmetic', formatCount(wideArithmetic.offset), 'few engines have it']]),
  ];
  return (
    <>
      <h3>Features that a host may lack</h3>
      <Table
        caption="Features that a host may lack"
        columns={[{ title: 'Feature' }, { title: 'First at byte', isNumeric: true }, { title: 'Why' }]}
        rows={rows}
      />
    </>
  );
}

/** The address of the code of a function; `undefined` if it has none. */
type AddressOf = ((index: number) => string) | undefined;

function Sections({
  contents,
  isPrepared,
  addressOf,
}: {
  readonly contents: ModuleContents;
  readonly isPrepared: boolean;
  readonly addressOf: AddressOf;
}): VNode {
  const { imports, exports, memories, protocolFunctions, definedFunctions, start } = contents;
  return (
    <>
      {isPrepared && <p class="note">The module is prepared. This is what the original had.</p>}
      <h3>Functions of the protocol</h3>
      <ProtocolFunctions functions={protocolFunctions} />
      <h3>Imports</h3>
      <Imports imports={imports} caption="Imports" />
      <h3>Exports</h3>
      <Exports exports={exports} caption="Exports" addressOf={addressOf} />
      <h3>Memories</h3>
      <Table
        caption="Memories"
        columns={[{ title: 'Index', isNumeric: true }, { title: 'Origin' }, { title: 'Size' }]}
        rows={memories.map(({ index, imported, minimumPages, maximumPages, shared, indexType }) => [
          String(index),
          imported ? 'imported' : 'defined',
          formatMemory({ minimum: minimumPages, maximum: maximumPages, shared, indexType }),
        ])}
      />
      <h3>Functions</h3>
      <p>
        {formatCount(definedFunctions)} defined
        {start !== undefined && `; function ${start} is the start function`}
      </p>
    </>
  );
}

const STATUSES = {
  exported: ['pass', 'exported'],
  wrongType: ['fail', 'wrong type'],
  notExported: ['skipped', 'not exported'],
} as const;

function ProtocolFunctions({ functions }: { readonly functions: ModuleContents['protocolFunctions'] }): VNode {
  return (
    <Table
      caption="Functions of the protocol"
      columns={[{ title: 'Function' }, { title: 'Status' }, { title: 'Type' }]}
      rows={functions.map(({ name, status, type = '', expected }) => {
        const [mark, text] = STATUSES[status];
        return [
          <code key="name">{name}</code>,
          <StatusMark key="status" status={mark} text={text} />,
          <code key="type">{expected === undefined ? type : `${type}, but it must be ${expected.join(' or ')}`}</code>,
        ];
      })}
    />
  );
}

function Imports({ imports, caption }: { readonly imports: readonly ImportReport[]; readonly caption: string }): VNode {
  return (
    <Table
      caption={caption}
      columns={[{ title: 'Module' }, { title: 'Name' }, { title: 'Kind' }, { title: 'Type' }, { title: 'Provided by' }]}
      rows={imports.map((wanted) => {
        const { text, isProvided } = providerText(wanted);
        return [
          <Name key="module" text={wanted.module} />,
          <Name key="name" text={wanted.name} />,
          wanted.kind,
          <code key="type">{wanted.type}</code>,
          <StatusMark key="provider" status={isProvided ? 'pass' : 'fail'} text={text} />,
        ];
      })}
    />
  );
}

/** The exports. Functions lead to their code. */
function Exports({
  exports,
  caption,
  addressOf,
}: {
  readonly exports: readonly ExportReport[];
  readonly caption: string;
  readonly addressOf?: AddressOf;
}): VNode {
  return (
    <Table
      caption={caption}
      columns={[{ title: 'Name' }, { title: 'Kind' }, { title: 'Index', isNumeric: true }, { title: 'Type' }]}
      rows={exports.map(({ name, kind, index, type = '' }) => [
        <Name key="name" text={name} />,
        kind,
        index !== undefined && kind === 'function' && addressOf !== undefined ? (
          <a href={addressOf(index)}>{index}</a>
        ) : (
          index
        ),
        <code key="type">{type}</code>,
      ])}
    />
  );
}
