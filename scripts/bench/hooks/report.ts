// What a run of `npm run bench -- --only hooks,hooks-instances` shows.
import { markdownTable } from '../../docs/markdown.ts';
import { duration } from '../peers/report.ts';
import { type HookResult, type HookRun, type HookTiming, PUBLISHED } from './results.ts';

/** The aim: a p99 of at most this many medians. */
const TAIL = 5;

const isCall = ({ kind }: HookResult): boolean => kind !== 'admission' && kind !== 'admission_again';

/** Median, p99, and both in parts of the base's; of an admission the median alone. */
function cell(result: HookResult, timing: HookTiming | undefined, base: HookTiming | undefined): string {
  if (timing === undefined) return 'cannot';
  const values = isCall(result) ? [timing.median, timing.p99] : [timing.median];
  const bases = base === undefined || base === timing ? [] : [base.median, base.p99];
  const ratios = values.flatMap((value, index) => {
    const ofBase = bases[index];
    return ofBase === undefined ? [] : [(value / ofBase).toFixed(2)];
  });
  const cpu = timing.cpu === undefined || !isCall(result) ? '' : `; ${duration(timing.cpu)}`;
  return `${values.map(duration).join(', ')}${cpu}${ratios.length === 0 ? '' : ` (${ratios.join(', ')})`}`;
}

const of = ({ timings }: HookResult, host: string | undefined): HookTiming | undefined =>
  timings.find((timing) => timing.host === host);

/** One row for each thing that was done; then the aims, if they are about these hosts. */
export function hookRows(run: HookRun): string[][] {
  const { base, titles, results } = run;
  const hosts = Object.keys(titles);
  const rows = results.map((result) => [
    result.name,
    ...hosts.map((host) => cell(result, of(result, host), of(result, base))),
  ]);
  return base === undefined || base === PUBLISHED ? [...rows, ...aimRows(run)] : rows;
}

/** In how many rows each host meets the aims. */
function aimRows({ base, titles, results }: HookRun): string[][] {
  const calls = results.filter(isCall);
  const counted = (what: string, isMet: (timing: HookTiming, base: HookTiming | undefined) => boolean): string[] => [
    what,
    ...Object.keys(titles).map((host) => {
      const met = calls.filter((result) => {
        const timing = of(result, host);
        return timing !== undefined && isMet(timing, of(result, base));
      });
      return `${met.length} of ${calls.length}`;
    }),
  ];
  const tails = counted(
    `calls whose p99 is at most ${TAIL} times the median`,
    ({ median, p99 }) => p99 <= TAIL * median,
  );
  if (base === undefined) return [tails];
  const title = `calls whose median is at most that of ${titles[base]}`;
  return [counted(title, ({ median }, theirs) => theirs !== undefined && median <= theirs.median), tails];
}

/** The head of the table of {@link hookRows}. */
export function hookHead(run: HookRun): string[] {
  const ratio = run.base === undefined ? '' : ` (/ ${run.titles[run.base]})`;
  return [`median, p99; CPU${ratio}`, ...Object.values(run.titles)];
}

/**
 * Writes a part of docs/BENCHMARKS.md.
 *
 * @returns Markdown.
 */
export function hooksText(run: HookRun): string {
  const { machine, rounds, turnMs } = run;
  return [
    `On ${machine}; ${rounds} turns of at most ${turnMs} ms on each row.`,
    markdownTable(hookHead(run), hookRows(run)),
  ].join('\n\n');
}
