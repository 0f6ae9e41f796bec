import type { FilterRequest, FilterResponse } from '../../../hooks/messages/filter.ts';
import { REASON_MAX_BYTES } from '../bounds.ts';
import type { AnswerRule } from '../suite.ts';

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** The rules of the answers of `filter`. */
export const filterRules: readonly AnswerRule<FilterRequest, FilterResponse>[] = [
  {
    id: 'known-ids',
    rule: 'Each result is about a candidate of the request.',
    anchor: 'what-the-fields-mean',
    hint: 'Copy upstream_id unchanged from the candidate. cc-lb ignores an answer with an unknown id.',
    fault: ({ results }, { candidates }) => {
      const known = new Set(candidates.map(({ upstream_id: id }) => id));
      const unknown = results.find(({ upstream_id: id }) => !known.has(id));
      return unknown && `${JSON.stringify(unknown.decision)} for an id that no candidate has`;
    },
  },
  {
    id: 'no-duplicates',
    rule: 'No candidate has two results.',
    anchor: 'what-the-fields-mean',
    hint: 'Write at most one result for each candidate. cc-lb ignores an answer with two.',
    fault: ({ results }) => {
      const ids = new Set<string>();
      const twice = results.findIndex(({ upstream_id: id }) => ids.size === ids.add(id).size);
      return twice < 0 ? undefined : `results[${twice}] is about the same candidate as an earlier one`;
    },
  },
  {
    id: 'decision',
    rule: `No decision is blank, longer than ${REASON_MAX_BYTES} bytes, or accept in another spelling.`,
    anchor: 'what-the-fields-mean',
    hint: 'Write accept in lower case to keep a candidate, and another word, such as reject, to drop it.',
    fault: ({ results }) => {
      const index = results.findIndex(({ decision }) => isDoubtful(decision));
      return index < 0 ? undefined : `results[${index}].decision is ${JSON.stringify(results[index]?.decision)}`;
    },
  },
  {
    id: 'reason',
    rule: `No reason is longer than ${REASON_MAX_BYTES} bytes.`,
    anchor: 'policies-of-a-server',
    hint: 'Say it in fewer words: cc-lb cuts a longer reason.',
    level: 'warn',
    fault: ({ results }) => {
      const index = results.findIndex(({ reason }) => bytesOf(reason) > REASON_MAX_BYTES);
      return index < 0 ? undefined : `results[${index}].reason has ${bytesOf(results[index]?.reason ?? '')} bytes`;
    },
  },
];

function isDoubtful(decision: string): boolean {
  const word = decision.trim().toLowerCase();
  return word === '' || bytesOf(decision) > REASON_MAX_BYTES || (decision !== 'accept' && /^accept(ed)?$/.test(word));
}
