import { type Check, type Finding, fail, pass, skip, warn } from '../../check.ts';
import { FULL, SAMPLE } from '../requests/form.ts';
import { type HookExercise, type HookReply, type HookSuite, suitesFor, titleOf } from '../suite.ts';
import type { HookPluginUnderTest, HookTestHost } from '../test-host.ts';

/** How often each request is sent in a row, unless that burns too much fuel. */
const TIMES = 4;

/** The most fuel that a request may burn to be sent again, and all calls for it together. */
const FUEL_MAX = 100_000_000;

/** The same limit in bytes that calls move: some move much with little fuel. */
const BYTES_MAX = 8 * 1024 ** 3;

/** How often each sample is sent in a row: enough to see what grows from call to call. */
const SAMPLE_TIMES = 100;

/** Where the fuel of a large call runs out: shares of what it needs beyond the sample. */
const INTERRUPTIONS = [0.05, 0.5, 0.95];

/** Each call has a fresh instance, and there is nothing to import. */
const DIFFERENCE_HINT =
  'Look for bits of a NaN in the answer: an engine may choose them. Else this is a defect of the host.';

/** A request that was answered at first, and the first reply. */
interface Answered {
  readonly exercise: HookExercise;
  readonly before: HookReply;
  readonly archive: Uint8Array;
}

/** The checks that calls do not affect each other. */
export function hookIsolationChecks(suites: readonly HookSuite[], needs: readonly string[]): Check<HookTestHost>[] {
  const check = (
    id: string,
    rest: Pick<Check, 'rule' | 'hint'>,
    run: (host: HookTestHost, used: readonly HookSuite[]) => Finding,
  ): Check<HookTestHost> => ({
    id: `isolation.${id}`,
    anchor: 'a-call-step-by-step',
    ...rest,
    needs,
    run: (host) => run(host, suitesFor(host, suites)),
  });
  return [
    check(
      'repeated',
      {
        rule: 'The same request has the same answer every time, with the same fuel and memory.',
        hint: DIFFERENCE_HINT,
      },
      repeatAll,
    ),
    check(
      'order',
      {
        rule: 'A request has the same answer after other requests, with the same fuel and memory.',
        hint: DIFFERENCE_HINT,
      },
      reverseAll,
    ),
    check(
      'after-failure',
      { rule: 'After a call that ran out of fuel, a request has the same answer as before.', hint: DIFFERENCE_HINT },
      interruptAll,
    ),
    check(
      'memory-end',
      {
        rule: 'No answer depends on an access beyond the end of the memory.',
        hint:
          'Grow the memory before it is used, and check lengths before reading. In cc-lb such an access traps. A ' +
          'host that lends its memory may have more of it, where the access finds zeros.',
      },
      (host, used) =>
        compareAll(
          host.exact(),
          used.flatMap((suite) => answeredOf(host, suite)),
        ),
    ),
    check(
      'state',
      {
        rule: 'No answer depends on what an earlier call has left in globals or memory.',
        hint: 'Compute the answer from the request alone: a host gives each call a fresh instance, so state is lost.',
      },
      keepAll,
    ),
  ];
}

/** The requests of a hook that were answered, unless that took much fuel or the answer is large. */
function answeredOf(host: HookTestHost, { exercises }: HookSuite): readonly Answered[] {
  return exercises.flatMap((exercise) => {
    const before = exercise.first(host);
    if (before?.archive === undefined || before.fuel > FUEL_MAX || before.movedBytes > BYTES_MAX) return [];
    return [{ exercise, before, archive: before.archive }];
  });
}

function repeatAll(host: HookTestHost, used: readonly HookSuite[]): Finding {
  const timesOf = ({ exercise, before }: Answered): number => {
    const wanted = exercise.form === SAMPLE ? SAMPLE_TIMES : TIMES;
    return Math.floor(Math.min(wanted, FUEL_MAX / before.fuel, BYTES_MAX / before.movedBytes));
  };
  const sent = used.flatMap((suite) =>
    answeredOf(host, suite).flatMap((each) => Array.from({ length: timesOf(each) }, () => each)),
  );
  return compareAll(host.fresh(), sent);
}

function reverseAll(host: HookTestHost, used: readonly HookSuite[]): Finding {
  return compareAll(host.fresh(), used.flatMap((suite) => answeredOf(host, suite)).reverse());
}

function compareAll(target: HookPluginUnderTest, sent: readonly Answered[]): Finding {
  for (const { exercise, ...given } of sent) {
    const difference = differenceOf(given, exercise.call(target));
    if (difference !== undefined) return fail(`${titleOf(exercise)}: ${difference}`);
  }
  return pass({ value: sent.length, unit: 'calls' });
}

/** What differs between two replies to one request, or `undefined`. */
function differenceOf({ before, archive }: Omit<Answered, 'exercise'>, now: HookReply): string | undefined {
  if (now.error !== undefined) return `it was answered before, but now the call fails: ${now.error.message}`;
  if (!sameBytes(archive, now.archive)) return 'the answer is another one than before';
  if (before.fuel !== now.fuel) return `the call burns ${now.fuel} fuel, before ${before.fuel}`;
  return before.pages === now.pages ? undefined : `the call needs ${now.pages} pages, before ${before.pages}`;
}

function sameBytes(one: Uint8Array, other: Uint8Array | undefined): boolean {
  return one.length === other?.length && one.every((byte, index) => byte === other[index]);
}

/**
 * For each hook, lets the request that burns the most fuel run out of fuel, and then sends its
 * sample and its full request.
 */
function interruptAll(host: HookTestHost, used: readonly HookSuite[]): Finding {
  let calls = 0;
  for (const suite of used) {
    const answered = answeredOf(host, suite);
    const next = answered.filter(({ exercise: { form } }) => form === SAMPLE || form === FULL);
    const [large] = [...answered].sort((left, right) => right.before.fuel - left.before.fuel);
    const least = Math.max(...next.map(({ before }) => before.fuel));
    if (large === undefined || large.before.fuel <= least * 2) continue;
    for (const share of INTERRUPTIONS) {
      const fuel = Math.floor(least + 1 + (large.before.fuel - least - 1) * share);
      for (const each of next) {
        const target = host.fresh(fuel);
        large.exercise.call(target);
        const found = compareAll(target, [each]);
        if (found.status === 'fail') return fail(`after a call that ended with ${fuel} fuel: ${found.found}`);
        calls++;
      }
    }
  }
  return calls === 0 ? skip('no request needs much more fuel than the sample') : pass({ value: calls, unit: 'calls' });
}

/** Sends all requests to the same instance, which no host does. */
function keepAll(host: HookTestHost, used: readonly HookSuite[]): Finding {
  const target = host.kept();
  const sent = used.flatMap((suite) =>
    answeredOf(host, suite).filter(({ exercise: { form } }) => form === SAMPLE || form === FULL),
  );
  for (const { exercise, archive } of [...sent, ...sent]) {
    const { error, archive: now } = exercise.call(target);
    const what = titleOf(exercise);
    if (error !== undefined) return warn(`${what}, sent to the same instance again, fails: ${error.message}`);
    if (!sameBytes(archive, now)) return warn(`${what}, sent to the same instance again, gets another answer`);
  }
  return pass({ value: sent.length * 2, unit: 'calls' });
}
