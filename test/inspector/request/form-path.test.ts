import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { nodeAt, pathText, withItemMoved, withKey, withNodeAt } from '../../../src/inspector/request/form-path.ts';
import { numberNode, writeDocument } from '../../../src/inspector/request/json-document.ts';
import type { JsonNode } from '../../../src/json/text/node.ts';
import { readJson } from '../../../src/json/text/reader.ts';

const root = readJson('{"a":[{"b":1},2],"c":3,"c":4}');
const flat = (node: JsonNode): string => writeDocument(node).replaceAll(/\s/g, '');
const nine = numberNode('9');

const path = suite('form paths');

path('are written as errors write them', () => {
  assert.is(pathText([]), '$');
  assert.is(pathText(['a', 0, 'b']), '$.a[0].b');
  assert.is(pathText(['a b', '__proto__']), '$["a b"].__proto__');
});

path('lead to a value; a repeated key to the last', () => {
  assert.is(nodeAt(root, ['a', 0, 'b'])?.value, 1);
  assert.is(nodeAt(root, ['c'])?.value, 4);
  for (const nowhere of [['x'], ['a', 2], ['a', 'b'], ['c', 0], ['a', 0, 'b', 'c']])
    assert.is(nodeAt(root, nowhere), undefined);
});

path('replace a value', () => {
  assert.is(flat(withNodeAt(root, ['a', 0, 'b'], nine)), '{"a":[{"b":9},2],"c":3,"c":4}');
  assert.is(flat(withNodeAt(root, ['a', 1], nine)), '{"a":[{"b":1},9],"c":3,"c":4}');
  assert.is(flat(withNodeAt(root, [], nine)), '9');
});

path('replace a repeated key once, in its first place', () => {
  assert.is(flat(withNodeAt(readJson('{"c":3,"a":1,"c":4}'), ['c'], nine)), '{"c":9,"a":1}');
});

path('add a key and an item at the end', () => {
  assert.is(flat(withNodeAt(root, ['d'], nine)), '{"a":[{"b":1},2],"c":3,"c":4,"d":9}');
  assert.is(flat(withNodeAt(root, ['a', 2], nine)), '{"a":[{"b":1},2,9],"c":3,"c":4}');
});

path('remove a value', () => {
  assert.is(flat(withNodeAt(root, ['a', 0], undefined)), '{"a":[2],"c":3,"c":4}');
  assert.is(flat(withNodeAt(root, ['c'], undefined)), '{"a":[{"b":1},2]}');
});

path('change nothing where they lead nowhere', () => {
  for (const nowhere of [
    ['x', 'y'],
    ['a', 'b'],
    ['c', 0],
    ['c', 'd', 'e'],
  ])
    assert.is(flat(withNodeAt(root, nowhere, nine)), flat(root));
});

path('rename a key, but not to one that is there', () => {
  assert.is(flat(withKey(root, ['a', 0], 'b', 'z')), '{"a":[{"z":1},2],"c":3,"c":4}');
  assert.is(flat(withKey(root, [], 'a', 'c')), flat(root));
  assert.is(flat(withKey(root, ['a'], 'b', 'z')), flat(root));
});

path('move an item, but not beyond the ends', () => {
  assert.is(flat(withItemMoved(root, ['a'], 1, -1)), '{"a":[2,{"b":1}],"c":3,"c":4}');
  assert.is(flat(withItemMoved(root, ['a'], 0, 1)), '{"a":[2,{"b":1}],"c":3,"c":4}');
  assert.is(flat(withItemMoved(root, ['a'], 1, 1)), flat(root));
  assert.is(flat(withItemMoved(root, ['a'], 0, -1)), flat(root));
  assert.is(flat(withItemMoved(root, ['c'], 0, 1)), flat(root));
});

path.run();
