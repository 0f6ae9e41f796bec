import type { Exhaustion } from '../metering/budget-use.ts';
import { type Hints, hintIn } from './hint.ts';

/** What to do about a budget that is used up. */
const hints: Hints<Exhaustion> = {
  OutOfFuel:
    'Look for an endless loop, or for work that grows faster than the request. Build with optimisation: fuel counts ' +
    'instructions.',
  Timeout:
    'Do less in one call: the limit is wall-clock time, so a slow or busy machine reaches it with less work. If fuel ' +
    'has no limit, look for an endless loop too.',
  OutOfMemory: ({ use }) =>
    use?.unit === 'table entries'
      ? 'Grow tables less: begin with what is needed, and reuse entries.'
      : 'Allocate less: a page has 64 KiB, and input and output take pages too. Free the memory of a call before ' +
        'the next one, and keep no requests.',
  StackOverflow: 'Look for endless recursion, or replace deep recursion by a loop with a list of its own.',
};

/** Says what to do about a budget that is used up. */
export function budgetHint(exhaustion: Exhaustion): string | undefined {
  return hintIn(hints, exhaustion);
}
