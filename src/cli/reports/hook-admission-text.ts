import { failureKind } from '../../inspection/failure-report.ts';
import type { HookFileAdmission, LocatedStepReport } from '../../inspection/hook-admission-report.ts';
import { layOutRows, section } from '../output/rows.ts';
import type { Paint } from '../output/terminal.ts';
import { clockLines, placeLines, stackLines, stepLines, titleOf } from './admission-text.ts';
import { failureLines } from './failure-text.ts';
import { hookRows, warningLines } from './hook-module-text.ts';

/** Writes the report of the admission of a hook plugin as lines of text. */
export function hookAdmissionLines(admission: HookFileAdmission, paint: Paint): string[] {
  const { steps, inspection } = admission;
  return [
    `${title(admission, paint)}: ${verdict(admission, paint)}`,
    '',
    paint('bold', 'Steps'),
    ...stepLines(steps, paint, nameOf, (error) => errorLines(error, admission.file)),
    ...clockLines(admission, paint),
    ...section(paint, 'Hooks', layOutRows(hookRows(inspection?.hooks ?? []), paint)),
    ...section(paint, 'Warnings', warningLines(inspection?.warnings ?? [], paint)),
  ];
}

function title({ file, inspection }: HookFileAdmission, paint: Paint): string {
  return titleOf(file, inspection && `${inspection.metadata.name} ${inspection.metadata.version}`, paint);
}

function verdict({ admitted, steps }: HookFileAdmission, paint: Paint): string {
  if (admitted) return paint('green', 'admitted');
  const failed = steps.find(({ status }) => status === 'failed');
  return `${paint('red', 'rejected')} at ${failed === undefined ? 'no step' : nameOf(failed)}`;
}

function nameOf({ step, hook }: LocatedStepReport): string {
  return hook === undefined ? step : `${step} of ${hook}`;
}

function errorLines(error: NonNullable<LocatedStepReport['error']>, file: string): string[] {
  const { failure, message, upstream, byteOffset } = error;
  return failureLines({ ...error, kind: failureKind(failure) }, [
    ...placeLines(message, byteOffset),
    ...stackLines(failure, file),
    upstream === null ? 'cc-lb does not refuse this' : `cc-lb calls this ${upstream}`,
  ]);
}
