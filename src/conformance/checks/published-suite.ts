import {
  HANDSHAKE_FUEL,
  HANDSHAKE_WALL_MS,
  type WireFunction,
  type WireFunctionName,
  wire,
} from '../../protocol/messages/index.ts';
import { describeFault, faultHint } from '../call-faults.ts';
import { type Check, type Finding, fail, pass, skip } from '../check.ts';
import { observeEvents } from '../observe-events.ts';
import { filterRequest, observeRequest, type RequestBuilder, shapeRequest } from '../requests/index.ts';
import type { Bench, Subject } from '../test-host.ts';

/** The budget of each call in the published conformance suite, cc-lb-plugin-conformance: that of a handshake. */
const budget = { fuel: HANDSHAKE_FUEL, wallMs: HANDSHAKE_WALL_MS } as const;

/** A request of the published suite: what it is called in reports, and how it ends. */
interface PublishedRequest {
  readonly name: string;
  dispatch(subject: Subject): ReturnType<Subject['dispatch']>;
}

function requestOf<Req extends object, Res>(
  name: string,
  fn: WireFunction<Req, Res>,
  request: RequestBuilder<Req>,
): PublishedRequest {
  return { name, dispatch: (subject) => subject.dispatch(fn, request.build()) };
}

const shaped = (name: string, body: string | Uint8Array): PublishedRequest =>
  requestOf(name, wire.v1.shape, shapeRequest().body(body));

/** The requests that the suite dispatches, by the function that it verifies. It has none for signers. */
const published: Readonly<Partial<Record<WireFunctionName, readonly PublishedRequest[]>>> = {
  shape: [
    shaped('a body of {}', '{}'),
    shaped('an empty body', ''),
    shaped('a body of {', '{'),
    shaped('a body that is not UTF-8', Uint8Array.of(0xff, 0xfe, 0xfd)),
    shaped('a body of 64 KiB', 'x'.repeat(65_536)),
    shaped('a body of letters beyond ASCII', '한글🙂'),
  ],
  filter: [
    requestOf('no candidate', wire.v3.filter, filterRequest()),
    requestOf('one candidate', wire.v3.filter, filterRequest().candidate('00000000-0000-0000-0000-000000000000')),
  ],
  observe: [
    requestOf('no event', wire.v1.observe, observeRequest()),
    requestOf(
      'two events',
      wire.v1.observe,
      observeRequest().events(
        [observeEvents.request_started[0], observeEvents.authn_complete[0]].flatMap((e) => e ?? []),
      ),
    ),
  ],
};

/** The check that a plugin passes the calls of the published conformance suite, under its budget; none if it has no call. */
export function publishedSuiteChecks(functions: readonly WireFunctionName[], needs: readonly string[]): Check[] {
  if (!functions.some((name) => published[name] !== undefined)) return [];
  return [
    {
      id: 'budget.published-suite',
      rule: `The requests of the published conformance suite are answered within ${budget.fuel} fuel and ${budget.wallMs} ms each.`,
      anchor: 'layers',
      hint: 'Move input and output by input_load_u64 and store_u64: byte by byte, 64 KiB cost millions of fuel. Build with optimisation.',
      needs,
      run: (bench) => {
        const used = bench.functions.flatMap((name) => published[name] ?? []);
        return used.length === 0
          ? skip('the plugin has no function that the published suite calls')
          : dispatchAll(bench, used);
      },
    },
  ];
}

/** One plugin gets them all, in order. */
function dispatchAll(bench: Bench, requests: readonly PublishedRequest[]): Finding {
  return bench.withPlugin((subject) => {
    let value = 0;
    for (const { name, dispatch } of requests) {
      const outcome = dispatch(subject);
      value = Math.max(value, subject.fuel);
      if (outcome.kind === 'fallback')
        return fail(`${name}: ${describeFault(outcome.error)}`, faultHint(outcome.error));
    }
    return pass({ value, unit: 'fuel', limit: budget.fuel });
  }, budget);
}
