import { skippedWhenNone, struct } from '../../../json/declare.ts';
import { extend } from '../../../json/extend.ts';
import type { Infer } from '../../../json/type.ts';
import { candidateFields } from '../v1/candidate.ts';
import { cacheScoreWire } from './cache.ts';

/** An upstream that a request could go to, with what its cache would save. */
export const candidateWire = struct(
  'CandidateWire',
  extend(candidateFields, {
    cache_score: skippedWhenNone(cacheScoreWire),
  }),
);
/** What {@link candidateWire} decodes to. */
export type CandidateWire = Infer<typeof candidateWire>;
