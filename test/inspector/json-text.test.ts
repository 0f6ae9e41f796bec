import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { layOutJson } from '../../src/inspector/json-text.ts';

const json = suite('inspector/json-text');

json('what is laid out is the same JSON, as JSON.stringify writes it', () => {
  const values = [
    { a: [1, 2, { b: 'x,y:{}[]"\\' }], c: {}, d: [], e: null },
    [],
    {},
    'text "with" quotes \\',
    -1.5e-7,
    [[[]], [{}]],
    { '': { '': '' } },
  ];
  for (const value of values) {
    const expected = JSON.stringify(value, undefined, 2);
    for (const source of [JSON.stringify(value), expected, JSON.stringify(value, undefined, 7)])
      assert.equal(layOutJson(source), { text: expected, isCut: false });
  }
});

json('numbers keep their digits', () => {
  assert.is(layOutJson('[18446744073709551615,1.000]').text, '[\n  18446744073709551615,\n  1.000\n]');
});

json('any other text is shown too', () => {
  for (const source of ['', '}}]]', '"open', '{"a":', 'hello', '\\"', '"\\'])
    assert.is(layOutJson(source).text.replace(/\s/g, ''), source.replace(/\s/g, ''));
});

json('bombs are cut: long, deep, and full of white space', () => {
  const limits = { characters: 1000, depth: 4 };
  for (const source of ['['.repeat(1e6), `"${'a'.repeat(1e6)}"`, '1,'.repeat(1e6), `{"a":${'{"a":'.repeat(1e5)}`]) {
    const { text, isCut } = layOutJson(source, limits);
    assert.ok(text.length <= limits.characters, `${text.length}`);
    assert.ok(isCut);
  }
  assert.ok(
    Math.max(
      ...layOutJson('['.repeat(1e4), limits)
        .text.split('\n')
        .map((line) => line.length),
    ) <= 9,
  );
  assert.equal(layOutJson(`[${' '.repeat(500)}]`, limits), { text: '[]', isCut: false });
});

json.run();
