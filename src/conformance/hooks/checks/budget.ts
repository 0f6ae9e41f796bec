import { settleBounds } from '../../../hooks/policies/wire-bounds.ts';
import { PAGE_BYTES } from '../../../wasm/encoding/pages.ts';
import { type Check, type Finding, fail, measuredOf, pass, warn } from '../../check.ts';
import { HUGE, HUGE_BYTES, LARGE, LARGE_BYTES, SAMPLE } from '../requests/form.ts';
import { type HookExercise, type HookReply, type HookSuite, suitesFor, titleOf } from '../suite.ts';
import type { HookTestHost } from '../test-host.ts';

/** A sample asks for little. The check warns if it burns more than this share of the fuel. */
const MUCH_FUEL = 0.1;

/** The check warns if a request needs more than this share of the memory. */
const MUCH_MEMORY = 0.75;

/** The check warns if the fuel grows this many times faster than the request. */
const FASTER = 4;

/** The check warns if a huge request needs more than this many times its size in memory. */
const COPIES = 16;

/** A request and the first reply to it. */
interface Replied {
  readonly exercise: HookExercise;
  readonly reply: HookReply;
}

/** The checks of fuel, memory, and the size of answers. */
export function hookBudgetChecks(suites: readonly HookSuite[], needs: readonly string[]): Check<HookTestHost>[] {
  const check = (
    id: string,
    rest: Pick<Check, 'rule' | 'hint'>,
    run: (host: HookTestHost, replies: readonly Replied[]) => Finding,
  ): Check<HookTestHost> => ({
    id,
    anchor: 'budgets',
    ...rest,
    needs,
    run: (host) => run(host, repliesOf(host, suites)),
  });
  return [
    check(
      'budget.answer-size',
      {
        rule: 'No answer has more than 100 MiB.',
        hint: 'Answer with less: cc-lb refuses an answer beyond that.',
      },
      measureAnswers,
    ),
    check(
      'budget.fuel',
      {
        rule: 'Each sample needs at most a tenth of the fuel of a call.',
        hint: 'Do less in the start function, which runs for each call. Build with optimisation.',
      },
      measureFuel,
    ),
    check(
      'budget.fuel-growth',
      {
        rule: 'Fuel does not grow faster than the content of a request.',
        hint: 'Look for loops within loops over the content, and for text that is built by repeated concatenation.',
      },
      compareFuel,
    ),
    check(
      'budget.memory',
      {
        rule: 'Each request needs at most three quarters of the memory of a call.',
        hint: 'Start with fewer pages, and copy large content less often.',
      },
      measureMemory,
    ),
    check(
      'budget.memory-growth',
      {
        rule: `A request of 1 MiB needs at most ${COPIES} MiB more memory than the sample.`,
        hint: 'Copy the content less often: read it in place (view), and allocate the answer with its final size.',
      },
      compareMemory,
    ),
  ];
}

/** The first replies to all requests that a host sent. */
function repliesOf(host: HookTestHost, suites: readonly HookSuite[]): readonly Replied[] {
  return suitesFor(host, suites)
    .flatMap(({ exercises }) => exercises)
    .flatMap((exercise) => {
      const reply = exercise.first(host);
      return reply === undefined ? [] : [{ exercise, reply }];
    });
}

/** The reply that needs the most, by some measure. */
function mostOf(
  replies: readonly Replied[],
  measure: (reply: HookReply) => number,
): Replied & { readonly value: number } {
  const measured = replies.map((each) => ({ ...each, value: measure(each.reply) }));
  return measured.reduce((left, right) => (right.value > left.value ? right : left));
}

function measureAnswers(_: HookTestHost, replies: readonly Replied[]): Finding {
  const { exercise, value } = mostOf(replies, ({ size }) => size);
  const { outputMaxBytes: limit } = settleBounds();
  const measured = measuredOf(value, 'bytes', limit);
  return value > limit
    ? fail(`${titleOf(exercise)}: an answer of ${value} bytes`, undefined, measured)
    : pass(measured);
}

function measureFuel({ options }: HookTestHost, replies: readonly Replied[]): Finding {
  const { fuel: limit = Number.POSITIVE_INFINITY } = options.limits.call;
  const samples = replies.filter(({ exercise: { form } }) => form === SAMPLE);
  const { exercise, value } = mostOf(samples, ({ fuel }) => fuel);
  const measured = measuredOf(value, 'fuel', limit);
  return value > limit * MUCH_FUEL
    ? warn(`the sample of ${exercise.hook} burns ${value} fuel`, measured)
    : pass(measured);
}

function measureMemory({ options }: HookTestHost, replies: readonly Replied[]): Finding {
  const { memoryMaxPages: limit } = options.limits;
  const { exercise, value } = mostOf(replies, ({ pages }) => pages);
  const measured = measuredOf(value, 'pages', limit);
  return value > limit * MUCH_MEMORY ? warn(`${titleOf(exercise)}: ${value} pages`, measured) : pass(measured);
}

/** The replies of one hook to its sample and to large content. */
interface Growth {
  readonly hook: string;
  readonly sample: HookReply;
  readonly large: HookReply;
  readonly huge: HookReply;
}

/** The growth of each hook that answered all three. */
function growthsOf(replies: readonly Replied[]): readonly Growth[] {
  const hooks = [...new Set(replies.map(({ exercise }) => exercise.hook))];
  return hooks.flatMap((hook) => {
    const of = (form: string): HookReply | undefined =>
      replies.find(
        ({ exercise, reply }) => exercise.hook === hook && exercise.form === form && reply.error === undefined,
      )?.reply;
    const [sample, large, huge] = [of(SAMPLE), of(LARGE), of(HUGE)];
    return sample && large && huge ? [{ hook, sample, large, huge }] : [];
  });
}

function compareFuel(_: HookTestHost, replies: readonly Replied[]): Finding {
  for (const { hook, sample, large, huge } of growthsOf(replies)) {
    const [less, more] = [large.fuel - sample.fuel, huge.fuel - sample.fuel];
    if (less > 0 && more > less * (HUGE_BYTES / LARGE_BYTES) * FASTER)
      return warn(`${hook} burns ${large.fuel} fuel for 64 KiB, and ${huge.fuel} for 1 MiB`);
  }
  return pass();
}

function compareMemory(_: HookTestHost, replies: readonly Replied[]): Finding {
  const growths = growthsOf(replies).map(({ hook, sample, huge }) => ({ hook, pages: huge.pages - sample.pages }));
  const limit = (COPIES * HUGE_BYTES) / PAGE_BYTES;
  const value = Math.max(0, ...growths.map(({ pages }) => pages));
  const measured = measuredOf(value, 'pages', limit);
  const over = growths.find(({ pages }) => pages > limit);
  return over === undefined ? pass(measured) : warn(`${over.hook} needs ${over.pages} pages more`, measured);
}
