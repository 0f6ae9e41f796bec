import {
  type CandidateWireV2,
  type ObserveEventWire,
  OpaqueJson,
  type WireFunctionName,
  wire,
  wireSamples,
} from '../protocol/messages/index.ts';
import { type Exercises, exercisesOf } from './exercise.ts';
import { observeEvents } from './observe-events.ts';
import type { ResolvedOptions } from './options.ts';
import {
  buildSignerRequest,
  filterRequest,
  normalizeErrorRequest,
  observeRequest,
  onUnauthorizedRequest,
  shapeRequest,
  signRequest,
} from './requests/index.ts';

/** A body that is not UTF-8. */
export const binaryBody: Uint8Array = Uint8Array.of(0xff, 0x00, 0xfe, 0x80, 0x0d, 0x0a);

/** The fields of a candidate, with every option set. */
const fullCandidate: Omit<CandidateWireV2, 'upstream_id'> = {
  name: 'every option',
  kind: 'anthropic_oauth',
  observed_rate_limits: [
    { kind: 'tokens', window: '1m', limit: 1000, remaining: 10, reset: '2030-01-01T00:00:00Z' },
    wireSamples.RateLimitObservationWire(),
  ],
  subscription_quotas: [
    {
      window: '7d',
      source: 'headers',
      data_state: 'fresh',
      utilization: 0.25,
      status: 'allowed',
      resets_at_unix_secs: 4294967296,
      surpassed_threshold: true,
      representative_claim: 'five_hour',
      disabled_reason: 'none',
      observed_at_unix_millis: 18446744073709551615n,
      age_secs: 1,
    },
    wireSamples.SubscriptionQuotaCandidateSnapshotWire(),
  ],
  observed_at_unix_secs: 4294967296,
  cache_score: {
    predicted_cache_read_tokens: 4294967295,
    predicted_cache_creation_tokens_5m: 1,
    predicted_cache_creation_tokens_1h: 0,
    predicted_uncached_input_tokens: 7,
    predicted_expires_at_unix_secs: 1,
    matched_breakpoint_index: 0,
    confidence: 0.5,
    ambiguity_reason: 'prefix_collision',
  },
};

/** The requests of every function. */
export function exercisesFor(options: ResolvedOptions): Readonly<Record<WireFunctionName, Exercises>> {
  const client = { claims: { team: 'a', limits: [1, 18446744073709551615n, 0.5, null] } };
  const factoryState = options.factoryState ?? null;
  return {
    filter: exercisesOf('filter', wire.v3.filter, {
      sample: () => filterRequest().build(),
      full: () =>
        filterRequest()
          .requestId('full')
          .path('/v1/messages/count_tokens', 'beta=true')
          .header('x-bytes', binaryBody)
          .body(binaryBody)
          .principal(client)
          .candidate(candidateId(1), fullCandidate)
          .candidate(candidateId(2), { cache_score: null })
          .build(),
      large: (_, bytes) => filterRequest().body('x'.repeat(bytes)).build(),
      marked: (_, marker) =>
        filterRequest()
          .requestId(marker)
          .path(`/${marker}`, marker)
          .header(marker, marker)
          .body(marker)
          .principal({ id: marker, claims: { [marker]: marker } })
          .candidate(marker, { name: marker })
          .build(),
    }),
    shape: exercisesOf('shape', wire.v1.shape, {
      sample: () => shapeRequest().build(),
      full: () =>
        shapeRequest()
          .requestId('full')
          .path('/v1/messages/count_tokens', 'beta=true&x=%20')
          .header('x-bytes', Uint8Array.of(0xff, 0xfe))
          .body(binaryBody)
          .principal(client)
          .build(),
      large: (_, bytes) => shapeRequest().body('x'.repeat(bytes)).build(),
      marked: (_, marker) =>
        shapeRequest()
          .requestId(marker)
          .path(`/${marker}`, marker)
          .header(marker, marker)
          .body(marker)
          .principal({ id: marker, claims: { [marker]: marker } })
          .build(),
    }),
    normalize_error: exercisesOf('normalize_error', wire.v1.normalizeError, {
      sample: () => normalizeErrorRequest().build(),
      full: () => normalizeErrorRequest().status(65535).body(binaryBody).build(),
      large: (_, bytes) => normalizeErrorRequest().body('x'.repeat(bytes)).build(),
      marked: (_, marker) => normalizeErrorRequest().body(marker).build(),
    }),
    build_signer: exercisesOf('build_signer', wire.v1.buildSigner, {
      sample: () => buildSignerRequest().factoryState(factoryState).build(),
      full: () => buildSignerRequest().factoryState(factoryState).build(),
      large: (_, bytes) => buildSignerRequest().factoryState(padded(options, bytes)).build(),
      marked: (_, marker) =>
        buildSignerRequest()
          .factoryState(options.factoryState ?? marked(marker))
          .build(),
    }),
    sign: exercisesOf('sign', wire.v1.sign, {
      sample: (plugin) => signRequest().signerState(plugin.signerState).build(),
      full: (plugin) =>
        signRequest()
          .url('https://[2001:db8::1]:8443/v1/messages?beta=true')
          .header('x-bytes', Uint8Array.of(0xff, 0xfe))
          .body(binaryBody)
          .signerState(plugin.signerState)
          .build(),
      large: (plugin, bytes) => signRequest().body('x'.repeat(bytes)).signerState(plugin.signerState).build(),
      marked: (plugin, marker) =>
        signRequest()
          .url(`https://example.com/${marker}`)
          .header(marker, marker)
          .body(marker)
          .signerState(plugin.signerState)
          .build(),
    }),
    on_unauthorized: exercisesOf('on_unauthorized', wire.v1.onUnauthorized, {
      sample: (plugin) => onUnauthorizedRequest().signerState(plugin.signerState).build(),
      full: (plugin) =>
        onUnauthorizedRequest()
          .status(403)
          .body(binaryBody)
          .category('retryable')
          .signerState(plugin.signerState)
          .build(),
      large: (plugin, bytes) => onUnauthorizedRequest().body('x'.repeat(bytes)).signerState(plugin.signerState).build(),
      marked: (plugin, marker) => onUnauthorizedRequest().body(marker).signerState(plugin.signerState).build(),
    }),
    observe: exercisesOf('observe', wire.v1.observe, {
      sample: () => observeRequest().build(),
      full: () => observeRequest().events(Object.values(observeEvents).flat()).build(),
      large: (_, bytes) =>
        observeRequest()
          .event(noted('x'.repeat(bytes)))
          .build(),
      marked: (_, marker) => observeRequest().event(noted(marker)).build(),
    }),
  };
}

/** The id of the candidate at an index. */
export function candidateId(index: number): string {
  return `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
}

/**
 * A factory state that holds a marker. A signer may refuse it: the protocol does not define its
 * content.
 */
function marked(marker: string): { readonly [marker: string]: string } {
  return { key: marker, [marker]: marker };
}

/**
 * A long factory state: the given one with one more property, if it is an object with properties.
 */
function padded({ factoryState }: ResolvedOptions, bytes: number): OpaqueJson {
  const filler = 'x'.repeat(bytes);
  const given = factoryState?.text;
  return given === undefined || !/^\{./.test(given) || given === '{}'
    ? OpaqueJson.from({ key: filler })
    : OpaqueJson.parse(`{"padding":"${filler}",${given.slice(1)}`);
}

function noted(message: string): ObserveEventWire {
  return { kind: 'error', code: message, message, source: message };
}
