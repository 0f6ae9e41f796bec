// The examples of abi/vectors/README.md are vectors, and their answers are right.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LAYERS, loadVectors, readAnswer, runVectors, vectorLine } from '../../../src/conformance/vectors/index.ts';
import { contractFile } from '../../support/fixture.ts';

const readme = suite('vectors: the README');

const text = new TextDecoder().decode(await contractFile('vectors/README.md'));
const lines = /```jsonl\n([^`]*)```/.exec(text)?.[1]?.trim().split('\n') ?? [];
const pairs = lines.flatMap((line, index): [string, string][] =>
  index % 2 === 0 ? [[line, lines[index + 1] ?? '']] : [],
);

/** A line as the README shows it. */
const shown = (line: string): string => line.replace(/"wasm":"([^"]{12})[^"]{12,}"/, '"wasm":"$1…"');

readme('has an example for each layer', () => {
  const layers = pairs.map(([line]) => /"layer":"([^"]*)"/.exec(line)?.[1]);
  assert.equal([...layers].sort(), [...LAYERS].sort());
});

for (const [line, answerLine] of pairs) {
  const { id, answer } = readAnswer(answerLine);
  readme(`the example ${id}`, async () => {
    const layer = LAYERS.find((name) => id.startsWith(`${name}/`));
    const vectors = await loadVectors((path) => contractFile(`vectors/${path}`), layer === undefined ? [] : [layer]);
    const named = vectors.filter((vector) => vector.id === id);
    assert.equal(
      named.map((vector) => shown(vectorLine(vector))),
      [line],
    );
    for await (const { status } of runVectors(named, () => answer)) assert.is(status, 'passed');
  });
}

readme.run();
