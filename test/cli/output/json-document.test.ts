import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { jsonDocument } from '../../../src/cli/output/json-document.ts';
import { OpaqueJson } from '../../../src/protocol/messages/index.ts';

const document = suite('jsonDocument');

document('parses to the same value, for any JSON value', () => {
  void fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      assert.equal(JSON.parse(jsonDocument(value)), JSON.parse(JSON.stringify(value)));
    }),
  );
});

document('indents, keeps short arrays of plain values on one line, and ends with a line feed', () => {
  const value = { a: [1, 2], b: [{}], c: { d: 'x' }, e: [] };
  assert.is(
    jsonDocument(value),
    '{\n  "a": [1, 2],\n  "b": [\n    {}\n  ],\n  "c": {\n    "d": "x"\n  },\n  "e": []\n}\n',
  );
});

document('breaks a long array', () => {
  assert.is(jsonDocument(Array(40).fill(1234567)).split('\n').length, 43);
});

document('rounds nothing', () => {
  const state = OpaqueJson.parse('{"b":1.0,"a":18446744073709551615}');
  assert.is(
    jsonDocument({ state, n: 2n ** 63n }),
    '{\n  "state": {"a":18446744073709551615,"b":1.0},\n  "n": 9223372036854775808\n}\n',
  );
});

document('leaves out undefined properties', () => {
  assert.is(jsonDocument({ a: undefined, b: null }), '{\n  "b": null\n}\n');
});

document('escapes unprintable characters and keeps the value', () => {
  assert.is(jsonDocument('\u001b\u009b\u202e'), '"\\u001b\\u009b\\u202e"\n');
  const value = ['\u009b', '\u202e', '\u{e0041}', '\u007f', 'ä😀', '\u2028', '\ud800'];
  const text = jsonDocument(value);
  assert.equal(JSON.parse(text), value);
  assert.match(text, '\\udb40\\udc41');
  assert.match(text, '"ä😀"');
  assert.not.match(text, /[\u007f-\u009f\u2028\u202e]/);
});

document('writes nested arrays in linear time', () => {
  let written = 0;
  const leaf = {
    get value() {
      written++;
      return 1;
    },
  };
  let nested: unknown = leaf;
  for (let depth = 0; depth < 20; depth++) nested = [nested];
  jsonDocument(nested);
  assert.is(written, 1);
});

document.run();
