import { reasonOf } from '../../failure.ts';
import { compareEnds, type Difference } from './compare.ts';
import type { End } from './end.ts';
import type { Vector } from './vector.ts';

/** What a host answers to a vector: the end of each step, or one end; or what it lacks. */
export type HostAnswer = { readonly ends: readonly End[] } | { readonly unsupported: string };

/** A host that vectors are run on. It must not look at the ends of the vector. */
export type VectorHost = (vector: Vector) => HostAnswer | Promise<HostAnswer>;

/** How the ends of a host compare with those of a vector. */
type Verdict =
  | { readonly status: 'passed' }
  | { readonly status: 'failed'; readonly reason: string; readonly difference?: Difference };

/** What became of a vector. */
export type VectorResult = { readonly vector: Vector } & (
  | Verdict
  | { readonly status: 'unsupported'; readonly reason: string }
);

/**
 * Runs vectors on a host, one after another.
 *
 * @returns the results, in the order of the vectors. A host that throws fails the vector.
 */
export async function* runVectors(vectors: Iterable<Vector>, host: VectorHost): AsyncGenerator<VectorResult> {
  for (const vector of vectors) yield await runVector(vector, host);
}

async function runVector(vector: Vector, host: VectorHost): Promise<VectorResult> {
  let answer: HostAnswer;
  try {
    answer = await host(vector);
  } catch (error) {
    return { vector, status: 'failed', reason: reasonOf(error) };
  }
  if ('unsupported' in answer) return { vector, status: 'unsupported', reason: answer.unsupported };
  return { vector, ...judge(vector, answer.ends) };
}

/** Compares the ends that a host reached with those of the vector. */
function judge(vector: Vector, found: readonly End[]): Verdict {
  const expected = vector.steps?.map(({ ends }) => ends) ?? (vector.ends ? [vector.ends] : []);
  for (const [index, end] of expected.entries()) {
    const got = found[index];
    const place = expected.length > 1 ? `step ${index + 1}: ` : '';
    if (got === undefined) return { status: 'failed', reason: `${place}no end, ${found.length} answered` };
    const difference = compareEnds(end, got);
    if (difference === undefined) continue;
    const failure = end.error || !got.error ? '' : ` (it failed: ${got.layer ?? 'no layer'}, ${got.error.kind})`;
    const reason = `${place}${difference.path} is ${difference.found}${failure}, expected ${difference.expected}`;
    return { status: 'failed', reason, difference };
  }
  const reason = `${found.length} ends, expected ${expected.length}`;
  return found.length === expected.length ? { status: 'passed' } : { status: 'failed', reason };
}
