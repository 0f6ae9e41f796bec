import { failuresIn } from '../ends.ts';
import type { WrittenVector } from '../layer-vectors.ts';

/** What a vector has besides the fields that every one of a table has. */
export type More = Partial<Pick<WrittenVector, 'about' | 'flags' | 'deviation'>> & {
  readonly [field: string]: unknown;
};

/** How a call ends, as a file of vectors has it. */
export type WrittenEnd = object;

/** The end of a call with this output. */
export const says = (output: unknown): WrittenEnd => ({ output });

/** Makes the end of a call that fails. */
export const fails = failuresIn('call');

/** Makes the end of building a plugin that is refused. */
export const refused = failuresIn('build');

/** The end of a call that a kernel function ends. */
export const ended: WrittenEnd = fails('KernelFunction');

/** The same, with the name of the function. */
export const endedBy = (name: string): WrittenEnd => fails('KernelFunction', { function: name });

/** A step that gives a list of words to the module `words`. */
export const step = (input: unknown, ends: WrittenEnd) => ({ call: 'run', input, ends });

/** A vector that gives one list of words to the module `words`. */
export function words(id: string, rule: string, input: string, ends: WrittenEnd, more: More = {}): WrittenVector {
  return { id: `kernel/${id}`, rule, ...more, wasm: 'words', steps: [step(input, ends)] };
}

/** A vector that gives several lists of words to one instance of the module `words`. */
export function phrases(
  id: string,
  rule: string,
  steps: readonly (readonly [input: string, ends: WrittenEnd])[],
  more: More = {},
): WrittenVector {
  return {
    id: `kernel/${id}`,
    rule,
    ...more,
    wasm: 'words',
    steps: steps.map(([input, ends]) => step(input, ends)),
  };
}
