import { type Check, type Finding, fail, pass, skip, warn } from '../check.ts';
import { type Exercises, firstReply, isRefusal, type Reply } from '../exercise.ts';
import { leastPages } from '../memory.ts';
import type { TestHost } from '../test-host.ts';

/**
 * A sample asks for almost nothing. The check warns if it burns more than this share of the fuel.
 */
const MUCH_FUEL = 0.1;

/** The check warns if the samples need more than this share of the memory budget. */
const MUCH_MEMORY = 0.75;

/**
 * Where the fuel of a large call runs out: shares of the fuel that it needs beyond the sample's.
 */
const INTERRUPTIONS = [0.05, 0.5, 0.95];

/**
 * Lengths of large requests in bytes, tried until one needs more than twice the fuel of the sample.
 */
const LARGER = [4_096, 65_536, 524_288];

/** The checks of fuel and memory, and of a call that runs out of fuel. */
export function budgetChecks(all: readonly Exercises[], needs: readonly string[]): Check[] {
  const usedOf = (host: TestHost): Exercises[] => all.filter(({ name }) => host.functions.includes(name));
  const check = (
    id: string,
    rest: Pick<Check, 'rule' | 'anchor' | 'advice' | 'hint'>,
    run: (host: TestHost, used: Exercises[]) => Finding,
  ) => ({
    id: `budget.${id}`,
    ...rest,
    needs,
    run: (host: TestHost) => {
      const used = usedOf(host);
      return used.length === 0 ? skip('the plugin has no function of this kind') : run(host, used);
    },
  });
  return [
    check(
      'fuel',
      {
        anchor: 'A-19',
        advice: true,
        rule: 'Each sample needs at most a tenth of the fuel of a call.',
        hint: 'Move work that does not depend on the request into the initialisation. Build with optimisation.',
      },
      measureFuel,
    ),
    check(
      'memory',
      {
        anchor: 'A-17',
        rule: 'The samples need at most three quarters of the memory budget.',
        hint: 'Start with fewer pages: a smaller stack (-z stack-size), smaller statics, a smaller --initialMemory.',
      },
      measureMemory,
    ),
    check(
      'out-of-fuel',
      {
        anchor: 'A-12',
        rule: 'A call that runs out of fuel fails with OutOfFuel, and the next call is answered.',
        hint:
          'Begin each call from a known state. An interrupted call can leave a borrowed RefCell, a lock, a flag or ' +
          'half a list behind.',
      },
      (host, used) => interruptAll(host, used),
    ),
  ];
}

function measureFuel(host: TestHost, used: readonly Exercises[]): Finding {
  const value = Math.max(...used.map(({ sample }) => firstReply(host, sample).fuel));
  const measured = { value, unit: 'fuel', limit: host.options.fuel } as const;
  return value > host.options.fuel * MUCH_FUEL ? warn(`a sample burns ${value} fuel`, measured) : pass(measured);
}

function measureMemory(host: TestHost, used: readonly Exercises[]): Finding {
  const limit = host.options.memoryMaxPages;
  const value = leastPages(host, (plugin) =>
    used.every(({ sample }) => {
      const reply = sample.dispatch(plugin);
      return reply.kind === 'ok' || isRefusal(reply);
    }),
  );
  if (value === undefined) return fail(`the samples of all functions need more than ${limit} pages together`);
  const measured = { value, unit: 'pages', limit } as const;
  return value > limit * MUCH_MEMORY ? warn(`the samples need ${value} of ${limit} pages`, measured) : pass(measured);
}

function interruptAll(host: TestHost, used: readonly Exercises[]): Finding {
  let value = 0;
  // The first call of a signer's request also runs build_signer, under the same budget.
  const least = Math.max(...used.map(({ sample }) => firstReply(host, sample).fuel));
  for (const exercises of used) {
    const found = interrupt(host, exercises, least);
    if (typeof found !== 'number') return found;
    value += found;
  }
  return value === 0 ? skip('a large request needs no more fuel than the sample') : pass({ value, unit: 'calls' });
}

/** Lets a large call run out of fuel at several points. Each budget is enough for the sample. */
function interrupt(host: TestHost, { name, sample, large }: Exercises, least: number): number | Finding {
  let request = sample;
  let most = 0;
  for (const bytes of LARGER) {
    request = large(bytes);
    most = firstReply(host, request).fuel;
    if (most > least * 2) break;
  }
  if (most <= least * 2) return 0;
  for (const share of INTERRUPTIONS) {
    const fuel = Math.floor(least + 1 + (most - least - 1) * share);
    const [cut, next] = host.withPlugin((plugin) => [request.dispatch(plugin), sample.dispatch(plugin)], { fuel });
    const kind = callFailure(cut);
    if (kind !== 'OutOfFuel') return fail(`${name} with ${fuel} fuel ends with ${kind}, expected OutOfFuel`);
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
