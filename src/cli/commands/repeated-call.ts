import { formatCount } from '../../digits.ts';
import { type Output, painter } from '../output/terminal.ts';
import { type CallCost, type CallStatistics, statisticsLines, statisticsOf } from '../reports/call-statistics.ts';

/** Several calls. */
export interface Repeated<Call> {
  /** The one that failed, or else the last. */
  readonly last: Call;
  readonly statistics: CallStatistics;
}

/**
 * Makes calls until one fails.
 *
 * @param count the most calls: 1 or more.
 * @param call makes a call.
 * @param hasFailed whether a call failed.
 */
export function repeatCall<Call extends CallCost>(
  count: number,
  call: () => Call,
  hasFailed: (made: Call) => boolean,
): Repeated<Call> {
  let last = call();
  const costs: CallCost[] = [{ durationMs: last.durationMs, fuel: last.fuel }];
  while (costs.length < count && !hasFailed(last)) {
    last = call();
    costs.push({ durationMs: last.durationMs, fuel: last.fuel });
  }
  return { last, statistics: statisticsOf(costs) };
}

/** Prints in one line that a call was answered, and what it took. */
export function printCost(name: string, { durationMs, fuel }: CallCost, output: Output): void {
  const summary = `${name} answered in ${durationMs.toFixed(1)} ms with ${formatCount(fuel)} fuel`;
  output.write(`${painter(output.color)('dim', summary)}\n`);
}

/** Prints what the calls of `--repeat` took; nothing without it. */
export function printStatistics(statistics: CallStatistics | undefined, output: Output): void {
  if (statistics !== undefined) output.write(`${statisticsLines(statistics, painter(output.color)).join('\n')}\n`);
}
