import { describeFault } from '../call-faults.ts';
import { type Check, type Finding, fail, first, pass, skip } from '../check.ts';
import { type Exercise, type Exercises, isRefusal } from '../exercise.ts';
import { leastPages } from '../memory.ts';
import { base64 } from '../requests/index.ts';
import type { PluginUnderTest, TestHost } from '../test-host.ts';

/** A text that does not occur by chance, and is valid in any field: as a token, a name, a path. */
const MARKER = 'leak0probe7d41c9';

/** The length of the body in requests that measure memory, in bytes. */
const LARGE = 4096;

/** The bytes of a page. */
const PAGE = 65536;

/** The calls after which memory must not grow any more. */
const WARM_UP = 8;

/** The least number of calls. Enough to detect a leak of 1 to 2 KiB a call. */
const CALLS_MIN = 64;

/** The most fuel that the repeated calls may burn together. */
const FUEL_MAX = 3_000_000_000;

/** The checks that no data and no memory of a call remains in later calls. */
export function isolationChecks(all: readonly Exercises[], needs: readonly string[]): Check[] {
  return [
    {
      id: 'isolation.no-leak',
      rule: 'No answer contains data of an earlier request.',
      anchor: 'A-15',
      hint: 'Clear the data of a call before the next one: reused buffers, statics, candidates of earlier requests.',
      needs,
      run: (host) => checkMarker(host, all),
    },
    {
      id: 'isolation.memory',
      rule: 'Memory does not grow when calls are repeated.',
      anchor: 'A-16',
      hint:
        'Free the memory of a call before it returns. Else each call adds to it, until all calls fail with ' +
        'OutOfMemory.',
      needs,
      run: (host) => checkMemory(host, all),
    },
  ];
}

function checkMarker(host: TestHost, all: readonly Exercises[]): Finding {
  const used = all.filter(({ name }) => host.functions.includes(name));
  if (used.length === 0) return skip('the plugin has no function of this kind');
  return host.withPlugin((plugin) =>
    first(
      pairs(used).map((pair) => checkPair(plugin, pair)),
      'calls',
    ),
  );
}

/** A marked request of one function, and the unmarked request that follows it. */
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

function checkPair(plugin: PluginUnderTest, { before, after, probe }: Pair): Finding {
  before.marked(MARKER).dispatch(plugin);
  const reply = probe.dispatch(plugin);
  const text = reply.kind === 'ok' ? reply.text : describeFault(reply.error);
  if (!holds(text, MARKER)) return pass();
  return fail(`an answer of ${after.name} contains data of an earlier request of ${before.name}`);
}

/** Whether a text contains a marker, as it is or in base64 of any alignment. */
function holds(text: string, marker: string): boolean {
  if (text.includes(marker) || text.includes(base64(marker))) return true;
  const encoded = text.match(/[A-Za-z0-9+/]{16,}={0,2}/g) ?? [];
  return encoded.some((run) => run.length % 4 === 0 && atob(run).includes(marker));
}

/**
 * Finds the smallest budget for a few large calls. With one page more than that, many calls must
 * pass: as many as would exhaust the budget if each call kept its request.
 */
function checkMemory(host: TestHost, all: readonly Exercises[]): Finding {
  const used = all.filter(({ name }) => host.functions.includes(name));
  if (used.length === 0) return skip('the plugin has no function of this kind');
  const large = used.map(({ name, large: make }) => ({ name, exercise: make(LARGE) }));
  const call = (plugin: PluginUnderTest, count: number): string | undefined => {
    for (let index = 0; index < count; index++) {
      for (const { name, exercise } of large) {
        const reply = exercise.dispatch(plugin);
        // A signer may refuse the padding in its state. A refusal shows the memory of a call as
        // well.
        if (reply.kind === 'ok' || isRefusal(reply)) continue;
        return `call ${index + 1} of ${name}: ${describeFault(reply.error)}`;
      }
    }
    return undefined;
  };
  const pages = leastPages(host, (plugin) => call(plugin, WARM_UP) === undefined);
  if (pages === undefined) return fail(`${WARM_UP} requests of ${LARGE} bytes need more memory than the budget`);
  const budget = pages + 1;
  const fuel = host.withPlugin((plugin) => {
    call(plugin, 1);
    return plugin.fuel * large.length;
  });
  const wanted = Math.ceil(((budget + 1) * PAGE) / LARGE) + WARM_UP;
  const count = Math.max(WARM_UP, Math.min(Math.max(wanted, CALLS_MIN), Math.floor(FUEL_MAX / Math.max(fuel, 1))));
  const measured = { value: count * large.length, unit: 'calls' } as const;
  const fault = host.withPlugin((plugin) => call(plugin, count), { memoryMaxPages: budget });
  return fault === undefined
    ? pass(measured)
    : fail(
        `${budget} pages are enough for ${WARM_UP} calls of each function, but not for ${count}: ${fault}`,
        undefined,
        measured,
      );
}
