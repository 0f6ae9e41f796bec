import { wire } from '../../protocol/messages/index.ts';
import { sampleCheck } from '../answers.ts';
import { dispatchFailed } from '../call-faults.ts';
import { type Check, type Finding, fail, first, pass } from '../check.ts';
import { candidateId } from '../exercises.ts';
import { filterRequest } from '../requests/index.ts';
import type { PluginUnderTest, TestHost } from '../test-host.ts';

/** The numbers of candidates in the requests. */
const COUNTS = [0, 1, 2, 7, 32];

/** The decisions that the published wire crate has, in its sample and its tests. */
const KNOWN: readonly string[] = ['accept', 'reject'];

/**
 * Judges the ids of the candidates in a request, and of the decisions in the answer. Returns the
 * fault.
 */
type Rule = (given: readonly string[], decided: readonly string[]) => string | undefined;

const common = {
  anchor: 'A-24',
  needs: [sampleCheck('filter')],
  function: 'filter',
} as const;

/** The checks of `filter`. */
export const filterChecks: readonly Check[] = [
  {
    ...common,
    id: 'filter.candidates',
    anchor: 'A-9',
    rule: 'filter answers requests with 0, 1 and many candidates.',
    hint: 'Accept any number of candidates. For 0 candidates, answer an empty list of results.',
    run: (host) => decideEach(host, () => undefined),
  },
  {
    ...common,
    id: 'filter.known-ids',
    rule: 'Each decision is about a candidate of the request.',
    hint: 'Copy upstream_id unchanged from the candidate. Keep no candidate of an earlier request.',
    needs: ['filter.candidates'],
    run: (host) =>
      decideEach(host, (given, decided) => {
        const unknown = decided.find((id) => !given.includes(id));
        return unknown === undefined
          ? undefined
          : `a decision about ${JSON.stringify(unknown)}, which is not among the candidates`;
      }),
  },
  {
    ...common,
    id: 'filter.no-duplicates',
    rule: 'No candidate has two decisions.',
    hint: 'Write one result for each candidate.',
    needs: ['filter.candidates'],
    run: (host) =>
      decideEach(host, (_, decided) => {
        const twice = decided.find((id, index) => decided.indexOf(id) !== index);
        return twice === undefined ? undefined : `two decisions about ${JSON.stringify(twice)}`;
      }),
  },
  {
    ...common,
    id: 'filter.one-decision-each',
    rule: 'Every candidate has a decision.',
    hint: 'Write a result for rejected candidates too.',
    needs: ['filter.candidates'],
    run: (host) =>
      decideEach(host, (given, decided) => {
        const missing = given.filter((id) => !decided.includes(id));
        return missing.length === 0 ? undefined : `no decision about ${missing.length} of ${given.length} candidates`;
      }),
  },
  {
    ...common,
    id: 'filter.decision',
    rule: 'No decision is empty.',
    hint: 'Set decision, for example to accept (as in the sample) or reject.',
    anchor: 'A-25',
    needs: ['filter.candidates'],
    run: (host) => decideInWords(host, (word) => (word.trim() === '' ? 'is empty' : undefined)),
  },
  {
    ...common,
    id: 'filter.known-decision',
    rule: 'Each decision is accept or reject.',
    hint: 'Decide with accept or reject. Before you use another word, ask what your host does with it.',
    anchor: 'A-26',
    advice: true,
    needs: ['filter.decision'],
    run: (host) => decideInWords(host, (word) => (KNOWN.includes(word) ? undefined : `is ${JSON.stringify(word)}`)),
  },
];

function decideEach(host: TestHost, rule: Rule): Finding {
  return first(host.once(COUNTS, decideAll).map((decided) => judge(decided, rule)));
}

/** Dispatches one request for each number of candidates. */
function decideAll(plugin: PluginUnderTest) {
  return COUNTS.map((count) => {
    const given = Array.from({ length: count }, (_, index) => candidateId(index));
    return { given, outcome: plugin.dispatch(wire.v3.filter, requestOf(given)) };
  });
}

function judge({ given, outcome }: ReturnType<typeof decideAll>[number], rule: Rule): Finding {
  const start = `with ${given.length} candidate${given.length === 1 ? '' : 's'}`;
  if (outcome.kind === 'fallback') return dispatchFailed(outcome.error, start);
  const decided = outcome.response.results.map(({ upstream_id: id }) => id);
  const fault = rule(given, decided);
  return fault === undefined ? pass() : fail(`${start}: ${fault}`);
}

/** Judges the word of each decision. `faultOf` returns what is wrong with it. */
function decideInWords(host: TestHost, faultOf: (word: string) => string | undefined): Finding {
  const results = host
    .once(COUNTS, decideAll)
    .flatMap(({ outcome }) => (outcome.kind === 'ok' ? outcome.response.results : []));
  const findings = results.map(({ upstream_id: id, decision }): Finding => {
    const fault = faultOf(decision);
    return fault === undefined ? pass() : fail(`the decision about ${JSON.stringify(id)} ${fault}`);
  });
  return first(findings);
}

function requestOf(ids: readonly string[]) {
  return ids.reduce((request, id) => request.candidate(id, { name: `upstream ${id.at(-1)}` }), filterRequest()).build();
}
