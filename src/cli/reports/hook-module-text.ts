import type { HookInspection, HookWarning, InspectedHook, PluginMetadata } from '../../hooks/index.ts';
import type { HookModuleReport } from '../../inspection/hook-module-report.ts';
import { hookWarningText } from '../../inspection/hook-warning-text.ts';
import { printable } from '../../printable.ts';
import { type CellLike, layOutRows, section } from '../output/rows.ts';
import type { Paint } from '../output/terminal.ts';

/** Writes what a module says of itself as a hook plugin as lines of text. */
export function hookModuleLines({ inspection, inspectionError, features }: HookModuleReport, paint: Paint): string[] {
  const found =
    inspectionError === undefined
      ? []
      : [`  ${paint('yellow', 'none')}: ${inspectionError.kind}: ${printable(inspectionError.message)}`];
  return [
    ...section(
      paint,
      'Metadata',
      inspection === undefined ? found : layOutRows(metadataRows(inspection.metadata), paint),
    ),
    ...(inspection === undefined ? [] : inspectedLines(inspection, paint)),
    ...section(paint, 'Features', features === undefined ? [] : featureLines(features, paint)),
  ];
}

function metadataRows({ name, version, description, usage }: PluginMetadata): CellLike[][] {
  return [
    ['name', { text: printable(name), style: 'cyan' }],
    ['version', printable(version)],
    ['description', printable(description)],
    ['usage', printable(usage)],
  ];
}

function inspectedLines({ hooks, warnings }: HookInspection, paint: Paint): string[] {
  const rows = hookRows(hooks).map((row, index): CellLike[] => [...row, hooks[index]?.fingerprint ?? '']);
  return [
    ...section(paint, `Hooks (${hooks.length})`, layOutRows(rows, paint)),
    ...section(paint, `Warnings (${warnings.length})`, warningLines(warnings, paint)),
  ];
}

/** A row for each hook that a plugin declares: name, mode, version of its messages. */
export function hookRows(hooks: readonly InspectedHook[]): CellLike[][] {
  return hooks.map(({ name, mode, wireVersion }) => [
    { text: name, style: 'cyan' },
    { text: mode, style: mode === 'active' ? 'green' : 'dim' },
    `version ${wireVersion}`,
  ]);
}

/** A line for each warning. */
export function warningLines(warnings: readonly HookWarning[], paint: Paint): string[] {
  return warnings.map((warning) => `  ${paint('yellow', warning.kind)}: ${printable(hookWarningText(warning))}`);
}

function featureLines({ refused, wideArithmetic }: NonNullable<HookModuleReport['features']>, paint: Paint): string[] {
  const lines: string[] = [];
  if (refused !== undefined)
    lines.push(`  ${paint('red', refused.feature)} at byte ${refused.offset}, which cc-lb switches off`);
  if (wideArithmetic !== undefined)
    lines.push(`  ${paint('yellow', 'wide arithmetic')} at byte ${wideArithmetic.offset}, which few engines have`);
  return lines.length === 0 ? [paint('dim', '  none that a host may lack')] : lines;
}
