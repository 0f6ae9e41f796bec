import { type Check, type Finding, fail, pass, skip, warn } from '../check.ts';
import { type Exercises, firstReply, isRefusal, type Reply } from '../exercise.ts';
import { leastPages } from '../memory.ts';
import type { Bench } from '../test-host.ts';

/** Of the fuel of a call, the share from which a sample, which asks for next to nothing, burns too much. */
const MUCH_FUEL = 0.1;

/** Of the memory of a plugin, the share from which little is left for real requests. */
const MUCH_MEMORY = 0.75;

/** How far into a large call the fuel runs out, as shares of what it takes beyond the sample. */
const INTERRUPTIONS = [0.05, 0.5, 0.95];

/** The lengths of requests, in bytes, of which one should take more fuel than building the plugin and answering the sample. */
const LARGER = [4_096, 65_536, 524_288];

/** The checks of what calls use up, and of what happens when that is too much. */
export function budgetChecks(all: readonly Exercises[], needs: readonly string[]): Check[] {
  const usedOf = (bench: Bench): Exercises[] => all.filter(({ name }) => bench.functions.includes(name));
  const check = (
    id: string,
    rest: Pick<Check, 'rule' | 'hint'>,
    run: (bench: Bench, used: Exercises[]) => Finding,
  ) => ({
    id: `budget.${id}`,
    anchor: 'layers',
    ...rest,
    needs,
    run: (bench: Bench) => {
      const used = usedOf(bench);
      return used.length === 0 ? skip('the plugin has no function of this kind') : run(bench, used);
    },
  });
  return [
    check(
      'fuel',
      {
        rule: 'The samples are answered with a small part of the fuel of a call.',
        hint: 'Look for work that does not depend on the request, and move it into the initialisation; build with optimisation.',
      },
      measureFuel,
    ),
    check(
      'memory',
      {
        rule: 'The samples leave memory to real requests.',
        hint: 'Start with fewer pages: a smaller stack (-z stack-size), smaller statics, a smaller --initialMemory.',
      },
      measureMemory,
    ),
    check(
      'out-of-fuel',
      {
        rule: 'A call that runs out of fuel ends as OutOfFuel, and the next is answered as before.',
        hint: 'Leave nothing half-done that the next call stumbles over: a borrowed RefCell, a lock, a flag, a list without its end. Begin each call from a known state.',
      },
      (bench, used) => interruptAll(bench, used),
    ),
  ];
}

function measureFuel(bench: Bench, used: readonly Exercises[]): Finding {
  const value = Math.max(...used.map(({ sample }) => firstReply(bench, sample).fuel));
  const measured = { value, unit: 'fuel', limit: bench.options.fuel } as const;
  return value > bench.options.fuel * MUCH_FUEL ? warn(`a sample burns ${value} fuel`, measured) : pass(measured);
}

function measureMemory(bench: Bench, used: readonly Exercises[]): Finding {
  const limit = bench.options.memoryMaxPages;
  const value = leastPages(bench, (subject) =>
    used.every(({ sample }) => {
      const reply = sample.dispatch(subject);
      return reply.kind === 'ok' || isRefusal(reply);
    }),
  );
  if (value === undefined) return fail(`the samples of all functions need more than ${limit} pages together`);
  const measured = { value, unit: 'pages', limit } as const;
  return value > limit * MUCH_MEMORY ? warn(`the samples need ${value} of ${limit} pages`, measured) : pass(measured);
}

function interruptAll(bench: Bench, used: readonly Exercises[]): Finding {
  let value = 0;
  // A signer's state is made under the same budget.
  const least = Math.max(...used.map(({ sample }) => firstReply(bench, sample).fuel));
  for (const exercises of used) {
    const found = interrupt(bench, exercises, least);
    if (typeof found !== 'number') return found;
    value += found;
  }
  return value === 0 ? skip('a large request takes no more fuel than the sample') : pass({ value, unit: 'calls' });
}

/** Lets a large call run out of fuel at several places, under budgets that the sample stays below. */
function interrupt(bench: Bench, { name, sample, large }: Exercises, least: number): number | Finding {
  let request = sample;
  let most = 0;
  for (const bytes of LARGER) {
    request = large(bytes);
    most = firstReply(bench, request).fuel;
    if (most > least * 2) break;
  }
  if (most <= least * 2) return 0;
  for (const share of INTERRUPTIONS) {
    const fuel = Math.floor(least + 1 + (most - least - 1) * share);
    const [cut, next] = bench.withPlugin((subject) => [request.dispatch(subject), sample.dispatch(subject)], { fuel });
    const kind = callFailure(cut);
    if (kind !== 'OutOfFuel') return fail(`${name} under ${fuel} fuel ends as ${kind}, not as OutOfFuel`);
    if (next.kind === 'fallback') {
      return fail(`after ${name} ran out of fuel at ${fuel}, the next call fails: ${next.error.message}`);
    }
  }
  return INTERRUPTIONS.length;
}

function callFailure(reply: Reply): string {
  if (reply.kind === 'ok') return 'an answer';
  const { failure } = reply.error;
  return failure.kind === 'PluginCall' ? failure.call.kind : failure.kind;
}
