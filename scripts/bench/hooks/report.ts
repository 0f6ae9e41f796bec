// What a run of `npm run bench -- --only hooks,hooks-instances` shows.
import { duration, markdownTable } from '../peers/report.ts';
import type { HookResult, HookRun, HookTiming } from './results.ts';

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

/** One row for each thing that was done, and below in how many rows each host meets the aims. */
export function hookRows({ base, titles, results }: HookRun): string[][] {
  const hosts = Object.keys(titles);
  const of = ({ timings }: HookResult, host: string | undefined): HookTiming | undefined =>
    timings.find((timing) => timing.host === host);
  const rows = results.map((result) => [
    result.name,
    ...hosts.map((host) => cell(result, of(result, host), of(result, base))),
  ]);
  const calls = results.filter(isCall);
  const counted = (what: string, isMet: (timing: HookTiming, base: HookTiming | undefined) => boolean): string[] => [
    what,
    ...hosts.map((host) => {
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
  if (base === undefined) return [...rows, tails];
  const title = `calls whose median is at most that of ${titles[base]}`;
  return [...rows, counted(title, ({ median }, theirs) => theirs !== undefined && median <= theirs.median), tails];
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
