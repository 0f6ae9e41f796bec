import {
  type End,
  type ExpectedEnd,
  type HostAnswer,
  readAnswer,
  runVectors,
  type Vector,
  type VectorResult,
} from '../../src/conformance/index.ts';

/**
 * Leaves out of a vector the fields of failures that a host does not tell. The published hosts tell
 * some failures by a text only, which does not say everything: the driver translates what it says.
 *
 * @returns the vector without fields that the host's failure of the same kind does not have.
 */
function withToldFields(vector: Vector, answer: HostAnswer): Vector {
  if ('unsupported' in answer) return vector;
  const expectedBy = (expected: ExpectedEnd, at: number): ExpectedEnd => {
    const { oneOf, ...only } = expected;
    const found = answer.ends[at];
    return { ...told(only, found), ...(oneOf && { oneOf: oneOf.map((end) => told(end, found)) }) };
  };
  // The cast: the steps of a vector keep what they had, but for fields of ends.
  return {
    ...vector,
    ...(vector.ends && { ends: expectedBy(vector.ends, 0) }),
    ...(vector.steps && { steps: vector.steps.map((step, at) => ({ ...step, ends: expectedBy(step.ends, at) })) }),
  } as Vector;
}

function told(expected: End, found: End | undefined): End {
  const { error } = expected;
  if (!error?.fields || error.kind !== found?.error?.kind) return expected;
  const has = found.error.fields ?? {};
  const fields = Object.entries(error.fields).filter(([name]) => name in has);
  return { ...expected, error: { kind: error.kind, fields: fields.length === 0 ? null : Object.fromEntries(fields) } };
}

/**
 * Reads the answers that were recorded.
 *
 * @param text of fixtures/reference/vectors.json: a list, in which each answer has a line.
 * @returns the answers by the ids of the vectors.
 */
export function readAnswers(text: string): ReadonlyMap<string, HostAnswer> {
  const lines = text.split('\n').slice(1, -2);
  return new Map(lines.map((line) => readAnswer(line.replace(/,$/, ''))).map(({ id, answer }) => [id, answer]));
}

/**
 * Runs vectors on the published hosts, by their recorded answers.
 *
 * @param answers by the ids of the vectors.
 * @returns the results of the vectors that have an answer. Fields of failures that the published
 * host does not tell are not compared.
 */
export async function runOnRecord(
  vectors: readonly Vector[],
  answers: ReadonlyMap<string, HostAnswer>,
): Promise<readonly VectorResult[]> {
  const results: VectorResult[] = [];
  for (const vector of vectors) {
    const answer = answers.get(vector.id);
    if (answer === undefined) continue;
    for await (const result of runVectors([withToldFields(vector, answer)], () => answer)) results.push(result);
  }
  return results;
}
