import type { FilterRequest, UpstreamCandidate } from '../../../hooks/messages/filter.ts';
import { binaryBody } from '../../exercises.ts';
import {
  bodyForms,
  header,
  headerForms,
  MODEL,
  manyClaims,
  messageBody,
  oddHeaders,
  PATH,
  principal,
  principalForms,
  targetForms,
} from './common.ts';
import { FULL, oneRequest, type RequestForm, SAMPLE } from './form.ts';

/** The largest numbers of the wire. */
const U32_MAX = 4_294_967_295;
const U64_MAX = 18_446_744_073_709_551_615n;

/** The number of candidates of a large deployment. */
const MANY = 100;

/** The id of the candidate at an index: a UUID, as a host has it. */
export function upstreamId(index: number): string {
  return `c0ffee00-0000-4000-8000-${String(index).padStart(12, '0')}`;
}

/** Makes a candidate as a host does. */
function candidate(index: number, changes: Partial<UpstreamCandidate> = {}): UpstreamCandidate {
  return {
    upstream_id: upstreamId(index),
    name: `upstream ${index}`,
    kind: 'anthropic_oauth',
    observed_at_unix_secs: 1_790_000_000 + index,
    predicted_cache_read_tokens: 100 * index,
    predicted_cache_creation_tokens_5m: 10,
    predicted_cache_creation_tokens_1h: 0,
    predicted_uncached_input_tokens: 50,
    plan_capacity_ratio: 1,
    organization_type: 'claude_team',
    rate_limit_tier: 'default',
    seat_tier: 'standard',
    ...changes,
  };
}

const candidates = (count: number): UpstreamCandidate[] =>
  Array.from({ length: count }, (_, index) => candidate(index));

const PRICES = {
  status: 'known',
  input_micros_per_million: 3_000_000,
  cache_creation_5m_micros_per_million: 3_750_000,
  cache_creation_1h_micros_per_million: 6_000_000,
  cache_read_micros_per_million: 300_000,
};

/** Makes the sample. */
function sampleRequest(): FilterRequest {
  return {
    request_id: '',
    thread_id: null,
    service_tier: null,
    canonical_model_id: MODEL,
    cache_pricing: {
      status: 'unknown',
      input_micros_per_million: null,
      cache_creation_5m_micros_per_million: null,
      cache_creation_1h_micros_per_million: null,
      cache_read_micros_per_million: null,
    },
    method: 'POST',
    path: PATH,
    query: null,
    headers: [header('content-type', 'application/json')],
    body: messageBody(),
    principal,
    candidates: candidates(2),
  };
}

/** The requests of `filter`. */
export function filterForms(): readonly RequestForm<FilterRequest>[] {
  const sample = sampleRequest();
  return [
    oneRequest(SAMPLE, 'the sample', 'Answer an ordinary request with two candidates.', sample),
    oneRequest(FULL, 'a request with every option set', 'Read every field of the request.', {
      ...sample,
      thread_id: 'thread-1',
      service_tier: 'priority',
      cache_pricing: PRICES,
      query: 'beta=true',
      headers: oddHeaders(),
      body: binaryBody,
      principal: { ...principal, claims: manyClaims() },
      candidates: candidates(7),
    }),
    ...candidateForms(sample),
    pricingForm(sample),
    targetForms(sample),
    ...headerForms((headers) => ({ ...sample, headers })),
    ...principalForms(sample),
    ...bodyForms(sample),
  ];
}

function candidateForms(sample: FilterRequest): RequestForm<FilterRequest>[] {
  const only = (changes: Partial<UpstreamCandidate>): FilterRequest => ({
    ...sample,
    candidates: [candidate(0, changes), candidate(1)],
  });
  const ratios = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, -1, 5e-324];
  return [
    oneRequest('no-candidates', 'a request without candidates', 'For no candidates, answer an empty list of results.', {
      ...sample,
      candidates: [],
    }),
    oneRequest('blank-tiers', 'a candidate whose tiers are empty', 'Accept an empty text as tier: it is not known.', {
      ...only({ organization_type: '', rate_limit_tier: '', seat_tier: '' }),
    }),
    {
      id: 'ratios',
      what: 'capacity ratios that are NaN, infinite, negative or zero',
      hint: 'Do not unwrap a comparison of plan_capacity_ratio: NaN has no order. Use total_cmp.',
      cases: Object.fromEntries(
        ratios.map((ratio): [string, FilterRequest] => [
          `a ratio of ${Object.is(ratio, -0) ? '-0' : ratio}`,
          only({ plan_capacity_ratio: ratio }),
        ]),
      ),
    },
    {
      id: 'numbers',
      what: 'a candidate with the smallest and the largest numbers',
      hint: 'Add and multiply with a wider type, or with saturating_add.',
      cases: {
        'all numbers zero': only(numbers(0, 0)),
        'all numbers the largest': only(numbers(U64_MAX, U32_MAX)),
      },
    },
    oneRequest('many-candidates', `a request with ${MANY} candidates`, 'Allocate the results for any number.', {
      ...sample,
      candidates: candidates(MANY),
    }),
  ];
}

function numbers(seconds: number | bigint, tokens: number): Partial<UpstreamCandidate> {
  return {
    observed_at_unix_secs: seconds,
    predicted_cache_read_tokens: tokens,
    predicted_cache_creation_tokens_5m: tokens,
    predicted_cache_creation_tokens_1h: tokens,
    predicted_uncached_input_tokens: tokens,
  };
}

function pricingForm(sample: FilterRequest): RequestForm<FilterRequest> {
  const priced = (changes: Partial<FilterRequest['cache_pricing']>): FilterRequest => ({
    ...sample,
    cache_pricing: { ...PRICES, ...changes },
  });
  return {
    id: 'prices',
    what: 'requests with all prices, with some of them, and with the largest',
    hint: 'Accept each price as missing by itself, and compute with a wider type.',
    cases: {
      'all prices': priced({}),
      'prices of which one is missing': priced({ cache_read_micros_per_million: null }),
      'the largest prices': priced({
        input_micros_per_million: U64_MAX,
        cache_creation_5m_micros_per_million: U64_MAX,
        cache_creation_1h_micros_per_million: U64_MAX,
        cache_read_micros_per_million: U64_MAX,
      }),
    },
  };
}
