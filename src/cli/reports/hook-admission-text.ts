import { failureKind } from '../../inspection/failure-report.ts';
import type { HookFileAdmission, LocatedStepReport } from '../../inspection/hook-admission-report.ts';
import { formatCount } from '../../inspection/module-types.ts';
import { printable } from '../../printable.ts';
import { type CellLike, layOutRows, section } from '../output/rows.ts';
import type { Paint } from '../output/terminal.ts';
import { placeLines, STATUS_STYLES } from './admission-text.ts';
import { hookRows, warningLines } from './hook-module-text.ts';

/** Writes the report of the admission of a hook plugin as lines of text. */
export function hookAdmissionLines(admission: HookFileAdmission, paint: Paint): string[] {
  const { steps, inspection } = admission;
  return [
    `${title(admission, paint)}: ${verdict(admission, paint)}`,
    '',
    paint('bold', 'Steps'),
    ...stepLines(steps, paint),
    ...section(paint, 'Hooks', layOutRows(hookRows(inspection?.hooks ?? []), paint)),
    ...section(paint, 'Warnings', warningLines(inspection?.warnings ?? [], paint)),
  ];
}

function title({ file, inspection }: HookFileAdmission, paint: Paint): string {
  const { metadata } = inspection ?? {};
  const name = metadata === undefined ? '' : ` (${printable(`${metadata.name} ${metadata.version}`)})`;
  return `${paint('bold', printable(file))}${name}`;
}

function verdict({ admitted, steps }: HookFileAdmission, paint: Paint): string {
  if (admitted) return paint('green', 'admitted');
  const failed = steps.find(({ status }) => status === 'failed');
  return `${paint('red', 'rejected')} at ${failed === undefined ? 'no step' : nameOf(failed)}`;
}

function nameOf({ step, hook }: LocatedStepReport): string {
  return hook === undefined ? step : `${step} of ${hook}`;
}

/** A row for each step; the reason follows a failed one. */
function stepLines(steps: readonly LocatedStepReport[], paint: Paint): string[] {
  const rows = layOutRows(
    steps.map((step): CellLike[] => {
      const { status, durationMs, fuel } = step;
      return [
        nameOf(step),
        { text: status, style: STATUS_STYLES[status] },
        status === 'skipped' ? '' : { text: `${durationMs.toFixed(1)} ms`, align: 'right' },
        fuel === undefined ? '' : { text: `${formatCount(fuel)} fuel`, align: 'right' },
      ];
    }),
    paint,
  );
  return steps.flatMap(({ error }, index) => [rows[index] ?? '', ...(error === undefined ? [] : errorLines(error))]);
}

function errorLines({
  failure,
  message,
  upstream,
  byteOffset,
  hint,
}: NonNullable<LocatedStepReport['error']>): string[] {
  return [
    `${failureKind(failure)}: ${printable(message)}`,
    ...placeLines(message, byteOffset),
    upstream === null ? 'cc-lb does not refuse this' : `cc-lb calls this ${upstream}`,
    ...(hint === undefined ? [] : [`hint: ${hint}`]),
  ].map((line) => `    ${line}`);
}
