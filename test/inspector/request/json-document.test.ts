import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  arrayNode,
  booleanNode,
  nullNode,
  numberNode,
  objectNode,
  stringNode,
  writeDocument,
} from '../../../src/inspector/request/json-document.ts';
import { readJson } from '../../../src/json/text/reader.ts';

const document = suite('writeDocument');

const rewritten = (text: string): string => writeDocument(readJson(text));

document('writes a line for each value', () => {
  assert.is(
    rewritten('{"a":[1,{"b":null}],"c":{},"d":[]}'),
    ['{', '  "a": [', '    1,', '    {', '      "b": null', '    }', '  ],', '  "c": {},', '  "d": []', '}'].join('\n'),
  );
});

document('loses nothing: digits, the order of keys, repeated keys', () => {
  const text = '[1.0,1e2,-0,18446744073709551615,0.10,99999999999999999999]';
  assert.is(rewritten(text).replaceAll(/\s/g, ''), text);
  assert.is(rewritten('{"b":1,"a":2,"b":3}').replaceAll(/\s/g, ''), '{"b":1,"a":2,"b":3}');
});

document('writes a long text on one line, so that a text field can lay it out', () => {
  const long = JSON.stringify({ a: Array(30_000).fill({ b: 1 }) });
  assert.is(rewritten(long), long);
});

document('is read as the same text again', () => {
  const once = rewritten('{"x":["\\u0000\\"é😀",true,false,1.50]}');
  assert.is(rewritten(once), once);
});

document('writes what no text has', () => {
  const node = objectNode([
    ['a', arrayNode([nullNode, booleanNode(true), stringNode('x'), numberNode('1.50')])],
    ['b', numberNode('18446744073709551615')],
  ]);
  assert.is(writeDocument(node).replaceAll(/\s/g, ''), '{"a":[null,true,"x",1.50],"b":18446744073709551615}');
});

document.run();

const number = suite('numberNode');

number('keeps the digits of a number', () => {
  for (const token of ['0', '-1', '1.0', '1E+5', '18446744073709551615', '123456789012345678901234567890'])
    assert.is(writeDocument(numberNode(token)), token);
  assert.is(writeDocument(numberNode(' 7 ')), '7');
});

number('makes a string of what is not a number, or too large', () => {
  for (const typed of ['', '-', '007', '1.', '0x10', 'NaN', 'Infinity', '1e999', '1 2', '"1"'])
    assert.is(writeDocument(numberNode(typed)), JSON.stringify(typed));
});

number.run();
