import { formatCount } from '../../digits.ts';
import type { FailureReport } from '../../inspection/failure-report.ts';
import type {
  ExportReport,
  ImportReport,
  MemoryReport,
  ModuleContents,
  ModuleReport,
  PreparationAdditions,
  ProtocolFunctionReport,
  SectionReport,
} from '../../inspection/module-report.ts';
import { formatBytes, formatHex, formatMemory } from '../../inspection/module-types.ts';
import { providerText } from '../../inspection/provider-text.ts';
import { printable } from '../../printable.ts';
import type { PluginIdentity } from '../../protocol/messages/index.ts';
import { type Cell, type CellLike, layOutRows, section } from '../output/rows.ts';
import type { Paint } from '../output/terminal.ts';
import { failedLines } from './failure-text.ts';
import { hookModuleLines } from './hook-module-text.ts';

/** Writes the report on a module as lines of text. */
export function moduleLines(report: ModuleReport, paint: Paint): string[] {
  const { file, bytes, valid, prepared, generation, error, sections, contents, preparation } = report;
  const verdict = valid ? paint('green', 'valid module') : paint('red', 'not a valid module');
  const facts = [
    verdict,
    formatBytes(bytes),
    ...(generation === 2 ? ['hook ABI'] : []),
    ...(prepared ? ['prepared'] : []),
  ];
  const title = `${paint('bold', printable(file))}: ${facts.join(', ')}`;
  return [
    ...(error === undefined ? [title] : failedLines(title, error, headerLines(error, report))),
    // A file without any section is probably something other than a module.
    ...(sections.length === 0 && contents === undefined
      ? []
      : [
          ...(hasIdentity(report)
            ? paragraph(paint, 'Identity', identityLines(report, paint))
            : hookModuleLines(report, paint)),
          ...paragraph(paint, `Sections (${sections.length})`, layOutRows(sectionRows(sections), paint)),
        ]),
    ...(contents === undefined ? [] : contentLines(contents, paint)),
    ...(preparation === undefined ? [] : additionLines(preparation, paint)),
  ];
}

function headerLines({ kind }: FailureReport, { bytes, header }: ModuleReport): string[] {
  return HEADER_FAULTS.includes(kind) && bytes > 0 ? [`the file begins with ${header}`] : [];
}

/** Faults within the first eight bytes. */
const HEADER_FAULTS: readonly string[] = ['NotWebAssembly', 'Component', 'UnsupportedVersion'];

function paragraph(paint: Paint, title: string, lines: readonly string[]): string[] {
  return section(paint, title, lines.length === 0 ? [paint('dim', '  none')] : lines);
}

/** Whether the report is about a module as a plugin of generation 1. */
function hasIdentity({ identity, identityError }: ModuleReport): boolean {
  return identity !== undefined || identityError !== undefined;
}

function identityLines({ identity, identityError }: ModuleReport, paint: Paint): string[] {
  if (identity !== undefined) return layOutRows(identityRows(identity), paint);
  if (identityError === undefined) return [];
  const { kind, message } = identityError;
  const reason = kind === 'WasmParseError' ? 'the module is malformed' : `${kind}: ${printable(message)}`;
  return [`  ${paint('yellow', 'none')}: ${reason}`];
}

/** A row for each field of an identity. */
function identityRows({ plugin_name, plugin_version, abi_envelope, magic }: PluginIdentity): CellLike[][] {
  return [
    ['plugin_name', { text: printable(plugin_name), style: 'cyan' }],
    ['plugin_version', printable(plugin_version)],
    ['abi_envelope', String(abi_envelope)],
    ['magic', formatHex(magic)],
  ];
}

function sectionRows(sections: readonly SectionReport[]): CellLike[][] {
  if (sections.length === 0) return [];
  const header = ['id', 'section', 'offset', 'size', 'name'].map(
    (text): Cell => ({ text, style: 'dim', align: isNumeric(text) ? 'right' : 'left' }),
  );
  return [
    header,
    ...sections.map(({ id, name, customName, offset, size }): CellLike[] => [
      right(String(id)),
      { text: name, style: 'cyan' },
      right(formatCount(offset)),
      right(formatCount(size)),
      customName === undefined ? '' : printable(customName),
    ]),
  ];
}

function isNumeric(column: string): boolean {
  return column !== 'section' && column !== 'name';
}

function right(text: string): Cell {
  return { text, align: 'right' };
}

function contentLines(contents: ModuleContents, paint: Paint): string[] {
  const { imports, exports, memories, protocolFunctions, definedFunctions, start } = contents;
  const startText = start === undefined ? '' : `; function ${start} is the start function`;
  const defined = `${formatCount(definedFunctions)} defined${startText}`;
  return [
    ...paragraph(paint, `Imports (${imports.length})`, importLines(imports, paint)),
    ...paragraph(paint, `Exports (${exports.length})`, exportLines(exports, paint)),
    ...paragraph(paint, 'Functions', [`  ${defined}`]),
    ...paragraph(paint, `Memories (${memories.length})`, layOutRows(memories.map(memoryRow), paint)),
    ...paragraph(
      paint,
      'Protocol functions',
      layOutRows(
        protocolFunctions.map(({ name, status, type, expected }): CellLike[] => [
          { text: name, style: status === 'notExported' ? undefined : 'cyan' },
          STATUSES[status],
          expected === undefined ? (type ?? '') : `${type}, but it must be ${expected.join(' or ')}`,
        ]),
        paint,
      ),
    ),
  ];
}

function exportLines(exports: readonly ExportReport[], paint: Paint): string[] {
  const rows = exports.map(({ name, kind, index, type }): CellLike[] => [
    { text: printable(name), style: 'cyan' },
    index === undefined ? kind : `${kind} ${index}`,
    type ?? '',
  ]);
  return layOutRows(rows, paint);
}

function additionLines({ imports, exports }: PreparationAdditions, paint: Paint): string[] {
  return [
    ...paragraph(paint, `Imports that preparation added (${imports.length})`, importLines(imports, paint)),
    ...paragraph(paint, `Exports that preparation added (${exports.length})`, exportLines(exports, paint)),
  ];
}

const STATUSES: Readonly<Record<ProtocolFunctionReport['status'], Cell>> = {
  exported: { text: 'exported', style: 'green' },
  wrongType: { text: 'wrong type', style: 'red' },
  notExported: { text: 'not exported', style: 'dim' },
};

function memoryRow({ index, imported, minimumPages, maximumPages, shared, indexType }: MemoryReport): CellLike[] {
  const limits = { minimum: minimumPages, maximum: maximumPages, shared, indexType };
  return [right(String(index)), imported ? 'imported' : 'defined', formatMemory(limits)];
}

/**
 * The imports by the module that they name, in the order in which the modules first appear. The
 * columns agree across modules.
 */
function importLines(imports: readonly ImportReport[], paint: Paint): string[] {
  const lines = layOutRows(imports.map(importRow), paint, '    ');
  const groups = new Map<string, string[]>();
  imports.forEach(({ module }, index) => {
    const group = groups.get(module) ?? [];
    group.push(lines[index] ?? '');
    groups.set(module, group);
  });
  return [...groups].flatMap(([module, members]) => [`  ${paint('bold', printable(module))}`, ...members]);
}

function importRow(wanted: ImportReport): CellLike[] {
  const { text, isProvided } = providerText(wanted);
  return [
    { text: printable(wanted.name), style: 'cyan' },
    wanted.kind,
    wanted.type,
    { text, style: isProvided ? 'green' : 'red' },
  ];
}
