import {
  HANDSHAKE_FUEL,
  HANDSHAKE_WALL_MS,
  type WireFunction,
  type WireFunctionName,
  wire,
} from '../../protocol/messages/index.ts';
import { dispatchFailed } from '../call-faults.ts';
import { type Check, type Finding, pass, skip } from '../check.ts';
import { observeEvents } from '../observe-events.ts';
import { filterRequest, observeRequest, type RequestBuilder, shapeRequest } from '../requests/index.ts';
import type { PluginUnderTest, TestHost } from '../test-host.ts';

/**
 * The budget of each call in the published suite, cc-lb-plugin-conformance. It is that of a
 * handshake.
 */
const budget = { fuel: HANDSHAKE_FUEL, wallMs: HANDSHAKE_WALL_MS } as const;

/** A request of the published suite, with its name in reports. */
interface PublishedRequest {
  readonly name: string;
  dispatch(plugin: PluginUnderTest): ReturnType<PluginUnderTest['dispatch']>;
}

function requestOf<Req extends object, Res>(
  name: string,
  fn: WireFunction<Req, Res>,
  request: RequestBuilder<Req>,
): PublishedRequest {
  return { name, dispatch: (plugin) => plugin.dispatch(fn, request.build()) };
}

const shaped = (name: string, body: string | Uint8Array): PublishedRequest =>
  requestOf(name, wire.v1.shape, shapeRequest().body(body));

/** The requests of the published suite, by function. It has none for signers. */
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

/**
 * The check that a plugin passes the calls of the published suite. None if it calls no such
 * function.
 */
export function publishedSuiteChecks(functions: readonly WireFunctionName[], needs: readonly string[]): Check[] {
  if (!functions.some((name) => published[name] !== undefined)) return [];
  return [
    {
      id: 'budget.published-suite',
      rule:
        `The requests of the published conformance suite are answered within ${budget.fuel} fuel and ` +
        `${budget.wallMs} ms each.`,
      anchor: 'A-18',
      hint:
        'Copy input and output with input_load_u64 and store_u64: byte by byte, 64 KiB cost millions of fuel. Build ' +
        'with optimisation.',
      needs,
      run: (host) => {
        const used = host.functions.flatMap((name) => published[name] ?? []);
        return used.length === 0
          ? skip('the plugin has no function that the published suite calls')
          : dispatchAll(host, used);
      },
    },
  ];
}

/** One instance answers all requests, in order. */
function dispatchAll(host: TestHost, requests: readonly PublishedRequest[]): Finding {
  return host.withPlugin((plugin) => {
    let value = 0;
    for (const { name, dispatch } of requests) {
      const outcome = dispatch(plugin);
      value = Math.max(value, plugin.fuel);
      if (outcome.kind === 'fallback') return dispatchFailed(outcome.error, name);
    }
    return pass({ value, unit: 'fuel', limit: budget.fuel });
  }, budget);
}
