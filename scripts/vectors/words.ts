import type { Layer } from '../../src/conformance/vectors/vector.ts';
import type { WrittenEnd } from './ends.ts';
import type { More, WrittenVector } from './layer-vectors.ts';

/** Lists of words that one instance gets one after another, and how each call ends. */
export type Phrases = readonly (readonly [input: string, ends: WrittenEnd])[];

/**
 * Makes vectors of a module that runs lists of words, such as `words`: `phrases` of several lists,
 * and `words` of one.
 */
export function wordVectors(layer: Layer, wasm: string) {
  const phrases = (id: string, rule: string, steps: Phrases, more: More = {}): WrittenVector => ({
    id: `${layer}/${id}`,
    rule,
    ...more,
    wasm,
    steps: steps.map(([input, ends]) => ({ call: 'run', input, ends })),
  });
  const words = (id: string, rule: string, input: string, ends: WrittenEnd, more?: More): WrittenVector =>
    phrases(id, rule, [[input, ends]], more);
  return { phrases, words };
}
