import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FilterResponse } from '../../../src/hooks/messages/filter.ts';
import { candidatesAfterFilter, type FilterDecision } from '../../../src/hooks/policies/filter-policy.ts';
import type { WireBounds } from '../../../src/hooks/policies/wire-bounds.ts';
import { recordedTelemetry } from '../../support/recorded-telemetry.ts';
import { answered, trapped } from './outcomes.ts';

const filter = suite('the policy of filter');

const [A, B, C] = ['a', 'b', 'c'].map((digit) => `0000000${digit}-0000-4000-8000-00000000000${digit}`) as [
  string,
  string,
  string,
];
const candidates = [A, B, C].map((upstream_id) => ({ upstream_id }));

const accept = (upstream_id: string, reason = ''): FilterResponse['results'][number] => ({
  upstream_id,
  decision: 'accept',
  reason,
});

function after(results: FilterResponse['results'], bounds?: WireBounds): FilterDecision<{ upstream_id: string }> {
  return candidatesAfterFilter(answered({ results }), candidates, { bounds });
}

const ids = ({ candidates: left }: FilterDecision<{ upstream_id: string }>): string[] =>
  left.map(({ upstream_id }) => upstream_id);

filter('keeps what is accepted, in the order of the candidates', () => {
  const decision = after([accept(C), { upstream_id: B, decision: 'reject', reason: 'no' }, accept(A)]);
  assert.equal(ids(decision), [A, C]);
  assert.is(decision.candidates[0], candidates[0]);
  assert.is(decision.error, undefined);
  assert.equal(decision.results[1], { upstream_id: B, decision: 'reject', reason: 'no' });
});

filter('drops what has no result, so an empty answer drops all', () => {
  assert.equal(ids(after([accept(B)])), [B]);
  assert.equal(ids(after([])), []);
});

filter('takes only the decision accept for one', () => {
  for (const decision of ['Accept', 'accept ', 'yes', ''])
    assert.equal(ids(after([{ upstream_id: A, decision, reason: '' }])), []);
});

filter('compares ids as UUIDs', () => {
  assert.equal(ids(after([accept(A.toUpperCase())])), [A]);
});

const refusals: readonly (readonly [
  what: string,
  results: FilterResponse['results'],
  index: number,
  reason: string,
])[] = [
  ['an id that is not a UUID', [accept('upstream-1')], 0, 'is not a UUID'],
  ['an id with a line end', [accept(`${A}\n`)], 0, 'is not a UUID'],
  ['an unknown id', [accept(A), accept(A.replaceAll('a', 'd'))], 1, 'is not a candidate'],
  ['a repeated id', [accept(A), accept(B), accept(A)], 2, 'is repeated'],
  ['an id that is repeated in other case', [accept(A), accept(A.toUpperCase())], 1, 'is repeated'],
];
for (const [what, results, index, reason] of refusals) {
  filter(`refuses ${what}: the candidates pass on as they were`, () => {
    const decision = after(results);
    assert.is(decision.candidates, candidates);
    assert.equal(decision.results, []);
    assert.equal(decision.error?.failure, { kind: 'UpstreamId', index, reason });
  });
}

filter('keeps the candidates if the hook fails, with a warning that has no text of the plugin', () => {
  const telemetry = recordedTelemetry();
  const decision = candidatesAfterFilter(trapped(), candidates, { telemetry });
  assert.is(decision.candidates, candidates);
  assert.is(decision.error?.failure.kind, 'GuestTrap');
  assert.equal(telemetry.events, [
    {
      level: 'warn',
      target: 'cc_lb_plugin.dispatch',
      message: "a hook's answer was not used; the policy replaces it",
      fields: { hook: 'filter', policy: 'keep_candidates', error: 'GuestTrap', phase: 'cc_lb_shape' },
    },
  ]);
});

filter('logs nothing if the answer is used, and the broken rule if not', () => {
  const telemetry = recordedTelemetry();
  candidatesAfterFilter(answered({ results: [] }), candidates, { telemetry });
  assert.equal(telemetry.events, []);
  candidatesAfterFilter(answered({ results: [accept('secret')] }), candidates, { telemetry });
  assert.is(telemetry.events[0]?.fields.error, 'UpstreamId: the upstream of result 0 is not a UUID');
});

filter('cuts reasons and decisions between two characters', () => {
  const [result] = after([{ upstream_id: A, decision: 'd'.repeat(300), reason: `${'x'.repeat(254)}\u20acy` }]).results;
  assert.equal([result?.decision.length, result?.reason], [256, 'x'.repeat(254)]);
  const cut = (reason: string, reasonMaxBytes: number): string | undefined =>
    after([accept(A, reason)], { reasonMaxBytes }).results[0]?.reason;
  assert.is(cut('\u{1f600}\u{1f600}', 7), '\u{1f600}');
  assert.is(cut('\u{1f600}\u{1f600}', 8), '\u{1f600}\u{1f600}');
  assert.is(cut('abc', 0), '');
  assert.is(cut('\u20ac'.repeat(1000), Number.POSITIVE_INFINITY), '\u20ac'.repeat(1000));
});

filter('refuses an answer that is too large', () => {
  const failure = after([accept(A, '\u20ac'.repeat(10))], { outputMaxBytes: 71 }).error?.failure;
  assert.equal(failure, { kind: 'OutputTooLarge', bytes: 72, max: 71 });
  assert.is(after([accept(A, '\u20ac'.repeat(10))], { outputMaxBytes: 72 }).error, undefined);
});

filter('options are checked', () => {
  assert.throws(() => after([], { reasonMaxBytes: -1 }), /options\.bounds\.reasonMaxBytes must be/);
});

filter('a response or a promise instead of an outcome is a mistake of the host', () => {
  const response: FilterResponse = { results: [accept(A)] };
  // The cast: what a caller without a type checker can pass.
  for (const given of [response, Promise.resolve(answered(response)), undefined])
    assert.throws(() => candidatesAfterFilter(given as unknown as ReturnType<typeof trapped>, []), /^outcome must be/);
});

filter.run();
