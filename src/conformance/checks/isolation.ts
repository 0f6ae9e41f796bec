import { describeFault } from '../call-faults.ts';
import { type Check, type Finding, fail, first, pass, skip } from '../check.ts';
import { type Exercise, type Exercises, isRefusal } from '../exercise.ts';
import { leastPages } from '../memory.ts';
import { base64 } from '../requests/index.ts';
import type { Bench, Subject } from '../test-host.ts';

/** A text that nothing contains by chance, and that any field may hold: a token, a name, a path. */
const MARKER = 'leak0probe7d41c9';

/** The body of a request that memory is measured with, in bytes. */
const LARGE = 4096;

/** Bytes of a page. */
const PAGE = 65536;

/** Calls before memory is expected to be enough. */
const WARM_UP = 8;

/** Calls that are made at least: a leak of a kilobyte or two a call shows too. */
const CALLS_MIN = 64;

/** Calls are not repeated when they would burn more fuel than this together. */
const FUEL_MAX = 3_000_000_000;

/** The checks that one call leaves nothing to the next. */
export function isolationChecks(all: readonly Exercises[], needs: readonly string[]): Check[] {
  return [
    {
      id: 'isolation.no-leak',
      rule: 'No answer holds anything of an earlier request.',
      anchor: 'layer-5-dispatch',
      hint: 'Overwrite what a call kept, or begin the next without it: buffers that are used again, statics, and candidates from before.',
      needs,
      run: (bench) => checkMarker(bench, all),
    },
    {
      id: 'isolation.memory',
      rule: 'Memory stays flat when calls are repeated.',
      anchor: 'layers',
      hint: 'Free what a call allocated before it ends: memory that grows with each call ends in oom, and takes the plugin out.',
      needs,
      run: (bench) => checkMemory(bench, all),
    },
  ];
}

function checkMarker(bench: Bench, all: readonly Exercises[]): Finding {
  const used = all.filter(({ name }) => bench.functions.includes(name));
  if (used.length === 0) return skip('the plugin has no function of this kind');
  return bench.withPlugin((subject) =>
    first(
      pairs(used).map((pair) => checkPair(subject, pair)),
      'calls',
    ),
  );
}

/** A request that is marked, and one that is not and comes after it. */
interface Pair {
  readonly before: Exercises;
  readonly after: Exercises;
  readonly probe: Exercise;
}

function pairs(used: readonly Exercises[]): Pair[] {
  return used.flatMap((before) =>
    used.flatMap((after) => [after.sample, after.full].map((probe) => ({ before, after, probe }))),
  );
}

function checkPair(subject: Subject, { before, after, probe }: Pair): Finding {
  before.marked(MARKER).dispatch(subject);
  const reply = probe.dispatch(subject);
  const text = reply.kind === 'ok' ? reply.text : describeFault(reply.error);
  if (!holds(text, MARKER)) return pass();
  return fail(`an answer of ${after.name} holds what an earlier request of ${before.name} was given`);
}

/** Whether a text holds a marker, as it is or in base64 of any alignment. */
function holds(text: string, marker: string): boolean {
  if (text.includes(marker) || text.includes(base64(marker))) return true;
  const encoded = text.match(/[A-Za-z0-9+/]{16,}={0,2}/g) ?? [];
  return encoded.some((run) => run.length % 4 === 0 && atob(run).includes(marker));
}

/**
 * Memory is measured by the least budget that is enough for a few large calls: under that budget, and a page more, as many calls must pass as
 * would exhaust it if each kept its request.
 */
function checkMemory(bench: Bench, all: readonly Exercises[]): Finding {
  const used = all.filter(({ name }) => bench.functions.includes(name));
  if (used.length === 0) return skip('the plugin has no function of this kind');
  const large = used.map(({ name, large: make }) => ({ name, exercise: make(LARGE) }));
  const call = (subject: Subject, count: number): string | undefined => {
    for (let index = 0; index < count; index++) {
      for (const { name, exercise } of large) {
        const reply = exercise.dispatch(subject);
        // A signer may refuse the padding of its state; what it then sets as an error is an answer as good as any.
        if (reply.kind === 'ok' || isRefusal(reply)) continue;
        return `call ${index + 1} of ${name}: ${describeFault(reply.error)}`;
      }
    }
    return undefined;
  };
  const pages = leastPages(bench, (subject) => call(subject, WARM_UP) === undefined);
  if (pages === undefined) return fail(`${WARM_UP} requests of ${LARGE} bytes need more memory than a plugin may have`);
  const budget = pages + 1;
  const fuel = bench.withPlugin((subject) => {
    call(subject, 1);
    return subject.fuel * large.length;
  });
  const wanted = Math.ceil(((budget + 1) * PAGE) / LARGE) + WARM_UP;
  const count = Math.max(WARM_UP, Math.min(Math.max(wanted, CALLS_MIN), Math.floor(FUEL_MAX / Math.max(fuel, 1))));
  const measured = { value: count * large.length, unit: 'calls' } as const;
  const fault = bench.withPlugin((subject) => call(subject, count), { memoryMaxPages: budget });
  return fault === undefined
    ? pass(measured)
    : fail(`${budget} pages are enough for ${WARM_UP} calls, but not for more: ${fault}`, undefined, measured);
}
