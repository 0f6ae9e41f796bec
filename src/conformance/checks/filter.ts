import { wire } from '../../protocol/messages/index.ts';
import { sampleCheck } from '../answers.ts';
import { describeFault, faultHint } from '../call-faults.ts';
import { type Check, type Finding, fail, first, pass } from '../check.ts';
import { candidateId } from '../exercises.ts';
import { filterRequest } from '../requests/index.ts';
import type { Bench, Subject } from '../test-host.ts';

/** How many candidates a router is given. */
const COUNTS = [0, 1, 2, 7, 32];

/** The candidates that went to a router, and those that it decided about. */
type Rule = (given: readonly string[], decided: readonly string[]) => string | undefined;

const common = {
  anchor: 'requests-and-responses',
  needs: [sampleCheck('filter')],
  function: 'filter',
} as const;

/** The checks of what a router answers. */
export const filterChecks: readonly Check[] = [
  {
    ...common,
    id: 'filter.candidates',
    rule: 'Requests with 0, 1 and many candidates are answered.',
    hint: 'Answer any number of candidates; without any, with an empty list of results.',
    run: (bench) => decideEach(bench, () => undefined),
  },
  {
    ...common,
    id: 'filter.known-ids',
    rule: 'Each decision is about a candidate of the request.',
    hint: 'Copy upstream_id from the candidate, unchanged, and keep none from an earlier request.',
    needs: ['filter.candidates'],
    run: (bench) =>
      decideEach(bench, (given, decided) => {
        const unknown = decided.find((id) => !given.includes(id));
        return unknown === undefined ? undefined : `a decision about ${JSON.stringify(unknown)}, which is no candidate`;
      }),
  },
  {
    ...common,
    id: 'filter.no-duplicates',
    rule: 'No candidate is decided about twice.',
    hint: 'Write one result for each candidate.',
    needs: ['filter.candidates'],
    run: (bench) =>
      decideEach(bench, (_, decided) => {
        const twice = decided.find((id, index) => decided.indexOf(id) !== index);
        return twice === undefined ? undefined : `two decisions about ${JSON.stringify(twice)}`;
      }),
  },
  {
    ...common,
    id: 'filter.one-decision-each',
    rule: 'Every candidate is decided about.',
    hint: 'Write a result for those that are rejected too.',
    needs: ['filter.candidates'],
    run: (bench) =>
      decideEach(bench, (given, decided) => {
        const missing = given.filter((id) => !decided.includes(id));
        return missing.length === 0 ? undefined : `no decision about ${missing.length} of ${given.length} candidates`;
      }),
  },
  {
    ...common,
    id: 'filter.decision',
    rule: 'Each decision is said in a word.',
    hint: 'Set decision, to accept or reject as in the sample.',
    needs: ['filter.candidates'],
    run: checkWords,
  },
];

function decideEach(bench: Bench, rule: Rule): Finding {
  return first(bench.once(COUNTS, decideAll).map((decided) => judge(decided, rule)));
}

/** What a router makes of each count of candidates. */
function decideAll(subject: Subject) {
  return COUNTS.map((count) => {
    const given = Array.from({ length: count }, (_, index) => candidateId(index));
    return { given, outcome: subject.dispatch(wire.v3.filter, requestOf(given)) };
  });
}

function judge({ given, outcome }: ReturnType<typeof decideAll>[number], rule: Rule): Finding {
  const start = `with ${given.length} candidates`;
  if (outcome.kind === 'fallback') return fail(`${start}: ${describeFault(outcome.error)}`, faultHint(outcome.error));
  const decided = outcome.response.results.map(({ upstream_id: id }) => id);
  const fault = rule(given, decided);
  return fault === undefined ? pass() : fail(`${start}: ${fault}`);
}

function checkWords(bench: Bench): Finding {
  const results = bench
    .once(COUNTS, decideAll)
    .flatMap(({ outcome }) => (outcome.kind === 'ok' ? outcome.response.results : []));
  const empty = results.find(({ decision }) => decision.trim() === '');
  return empty === undefined ? pass() : fail(`the decision about ${JSON.stringify(empty.upstream_id)} is empty`);
}

function requestOf(ids: readonly string[]) {
  return ids.reduce((request, id) => request.candidate(id, { name: `upstream ${id.at(-1)}` }), filterRequest()).build();
}
