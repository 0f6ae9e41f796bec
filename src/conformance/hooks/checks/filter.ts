import type { FilterRequest, FilterResponse } from '../../../hooks/messages/filter.ts';
import { settleBounds } from '../../../hooks/policies/wire-bounds.ts';
import { utf8Length } from '../../../json/text/utf8.ts';
import type { AnswerRule } from '../suite.ts';

const { reasonMaxBytes } = /* @__PURE__ */ settleBounds();

/** An id as a host compares it: without regard to case. */
const idOf = ({ upstream_id: id }: { readonly upstream_id: string }): string => id.toLowerCase();

/** The rules of the answers of `filter`. */
export const filterRules: readonly AnswerRule<FilterRequest, FilterResponse>[] = [
  {
    id: 'known-ids',
    rule: 'Each result is about a candidate of the request.',
    anchor: 'what-the-fields-mean',
    hint: 'Copy upstream_id unchanged from the candidate. cc-lb ignores an answer with an unknown id.',
    fault: ({ results }, { candidates }) => {
      const known = new Set(candidates.map(idOf));
      const unknown = results.find((result) => !known.has(idOf(result)));
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
      const twice = results.findIndex((result) => ids.size === ids.add(idOf(result)).size);
      return twice < 0 ? undefined : `results[${twice}] is about the same candidate as an earlier one`;
    },
  },
  {
    id: 'decision',
    rule: `No decision is blank, longer than ${reasonMaxBytes} bytes, or accept in another spelling.`,
    anchor: 'what-the-fields-mean',
    hint: 'Write accept in lower case to keep a candidate, and another word, such as reject, to drop it.',
    fault: ({ results }) => {
      const index = results.findIndex(({ decision }) => isDoubtful(decision));
      return index < 0 ? undefined : `results[${index}].decision is ${JSON.stringify(results[index]?.decision)}`;
    },
  },
  {
    id: 'reason',
    rule: `No reason is longer than ${reasonMaxBytes} bytes.`,
    anchor: 'policies-of-a-server',
    hint: 'Say it in fewer words: cc-lb cuts a longer reason.',
    level: 'warn',
    fault: ({ results }) => {
      const index = results.findIndex(({ reason }) => utf8Length(reason) > reasonMaxBytes);
      return index < 0 ? undefined : `results[${index}].reason has ${utf8Length(results[index]?.reason ?? '')} bytes`;
    },
  },
];

function isDoubtful(decision: string): boolean {
  const word = decision.trim().toLowerCase();
  return word === '' || utf8Length(decision) > reasonMaxBytes || (decision !== 'accept' && /^accept(ed)?$/.test(word));
}
