import { formatCount } from '../../digits.ts';
import type { FileAdmission, LocatedLayerReport } from '../../inspection/admission-report.ts';
import { failureKind, placeText } from '../../inspection/failure-report.ts';
import { saidText, stackText } from '../../metering/run/stack-text.ts';
import type { BuildFailure } from '../../plugin/build-error.ts';
import { printable } from '../../printable.ts';
import { type CellLike, layOutRows, section } from '../output/rows.ts';
import type { Paint } from '../output/terminal.ts';
import { failureLines } from './failure-text.ts';

/** Writes the report of an admission as lines of text. */
export function admissionLines(admission: FileAdmission, paint: Paint): string[] {
  return [
    `${title(admission, paint)}: ${verdict(admission, paint)}`,
    '',
    paint('bold', 'Layers'),
    ...stepLines(
      stepsOf(admission),
      paint,
      ({ layer }) => layer,
      (error) => errorLines(error, admission.file),
    ),
    ...clockLines(admission, paint),
    ...section(paint, 'Negotiated', layOutRows(negotiatedRows(admission), paint)),
    ...section(paint, 'Self-check failures', selfCheckLines(admission, paint)),
  ];
}

/** Writes that no deadline held, if that is so. */
export function clockLines({ clockStood }: Pick<FileAdmission, 'clockStood'>, paint: Paint): string[] {
  return clockStood === true
    ? section(paint, 'Clock', ['It stood while the plugin was called: no deadline could end a call, only fuel.'])
    : [];
}

/** A layer; or compiling, which is between the first two, and fails as a part of the handshake. */
type AdmissionStep = Omit<LocatedLayerReport, 'layer'> & { readonly layer: string };

function stepsOf({ layers, compileMs }: FileAdmission): readonly AdmissionStep[] {
  const [identity, handshake, ...others] = layers;
  if (compileMs === undefined || identity === undefined || handshake === undefined) return layers;
  const failure = handshake.error?.failure;
  const hasFailed = failure?.kind === 'Instantiate' && COMPILE_FAILURES.includes(failure.build.kind);
  const compile = { layer: 'compile', status: hasFailed ? 'failed' : 'passed', durationMs: compileMs } as const;
  return [identity, compile, handshake, ...others];
}

/** The failures of building that are failures of compiling. */
const COMPILE_FAILURES: readonly BuildFailure['kind'][] = [
  'MalformedModule',
  'InvalidModule',
  'AlreadyPrepared',
  'LimitExceeded',
  'FeatureRefused',
];

function title({ file, identity }: FileAdmission, paint: Paint): string {
  return titleOf(file, identity && `${identity.plugin_name} ${identity.plugin_version}`, paint);
}

/** Writes the name of a file, and what its plugin calls itself if that is known. */
export function titleOf(file: string, plugin: string | undefined, paint: Paint): string {
  return `${paint('bold', printable(file))}${plugin === undefined ? '' : ` (${printable(plugin)})`}`;
}

function verdict({ admitted, layers }: FileAdmission, paint: Paint): string {
  if (admitted) return paint('green', 'admitted');
  const failed = layers.find(({ status }) => status === 'failed');
  return `${paint('red', 'rejected')} at layer ${failed?.layer}`;
}

/** The look of each outcome of a step. */
const STATUS_STYLES = { passed: 'green', failed: 'red', skipped: 'dim' } as const;

/** A layer, or a step of the admission of a hook plugin. */
interface Step {
  readonly status: keyof typeof STATUS_STYLES;
  readonly durationMs: number;
  readonly fuel?: number | undefined;
  readonly error?: object | undefined;
}

/**
 * Writes a row for each step of an admission; the reason follows a failed one.
 *
 * @param nameOf returns the first cell of a row.
 * @param reasonOf returns the lines of a reason, without their indentation.
 */
export function stepLines<Each extends Step>(
  steps: readonly Each[],
  paint: Paint,
  nameOf: (step: Each) => string,
  reasonOf: (error: NonNullable<Each['error']>) => string[],
): string[] {
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
  return steps.flatMap(({ error }, index) => [
    rows[index] ?? '',
    ...(error === undefined ? [] : reasonOf(error).map((line) => `    ${line}`)),
  ]);
}

function errorLines(error: NonNullable<LocatedLayerReport['error']>, file: string): string[] {
  const { failure, message, byteOffset } = error;
  const details = [...placeLines(message, byteOffset), ...saidLines(failure), ...stackLines(failure, file)];
  return failureLines({ ...error, kind: failureKind(failure) }, details);
}

/** Says where in the module a fault is, if its message does not. */
export function placeLines(message: string, byteOffset: number | undefined): string[] {
  const place = placeText(message, byteOffset);
  return place === undefined ? [] : [place];
}

/** Repeats the error text that a plugin set before it trapped; nothing if it set none. */
function saidLines(failure: unknown): string[] {
  const text = saidText(failure);
  return text === undefined ? [] : [`the plugin said: ${text}`];
}

/** Says where a plugin trapped; nothing if it did not. */
export function stackLines(failure: unknown, file: string): string[] {
  const text = stackText(failure, file);
  return text === undefined ? [] : [text];
}

function negotiatedRows({ accept, slots, metadata }: FileAdmission): CellLike[][] {
  if (accept === undefined) return [];
  const functions = Object.entries(accept.chosen_versions).map(([name, version]) => `${name} (version ${version})`);
  const rows = [
    ['functions', enumerate(functions)],
    ['slots', enumerate(slots ?? [])],
    ['capabilities', enumerate(accept.required_capabilities)],
  ];
  if (metadata !== undefined) rows.push(['good until', utcTime(metadata.expires_at)]);
  return rows;
}

function enumerate(names: readonly string[]): string {
  return names.length === 0 ? 'none' : printable(names.join(', '));
}

/** Writes a time given in seconds since 1970; as that number if it is beyond what Date can hold. */
function utcTime(seconds: number | bigint): string {
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime())) return `${seconds} seconds after 1970`;
  return `${date.toISOString().replace('T', ' ').slice(0, 19)} UTC`;
}

function selfCheckLines({ selfCheck }: FileAdmission, paint: Paint): string[] {
  const failures = selfCheck?.failures ?? [];
  return layOutRows(
    failures.map(({ stage, message }): CellLike[] => [stage, printable(message)]),
    paint,
  );
}
