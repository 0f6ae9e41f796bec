import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { JsonNode } from '../../../src/json/text/node.ts';
import { readJson } from '../../../src/json/text/reader.ts';
import { JsonDecodeError } from '../../../src/protocol/messages/index.ts';

const reader = suite('json/text/reader');

const scalars: readonly [text: string, kind: JsonNode['kind'], value: unknown][] = [
  ['null', 'null', null],
  ['true', 'boolean', true],
  [' \t\r\nfalse \t\r\n', 'boolean', false],
  ['0', 'integer', 0],
  ['-1', 'integer', -1],
  ['999999999999999', 'integer', 999999999999999],
  ['9007199254740991', 'integer', 9007199254740991],
  ['9007199254740992', 'integer', 9007199254740992n],
  ['-9007199254740993', 'integer', -9007199254740993n],
  ['18446744073709551615', 'integer', 18446744073709551615n],
  ['-9223372036854775808', 'integer', -9223372036854775808n],
  ['18446744073709551616', 'float', 2 ** 64],
  ['-9223372036854775809', 'float', -(2 ** 63)],
  ['123456789012345678901234567890', 'float', 1.2345678901234568e29],
  ['-0', 'float', -0],
  ['-0.0', 'float', -0],
  ['1.0', 'float', 1],
  ['1e0', 'float', 1],
  ['1E+2', 'float', 100],
  ['1.5e-1', 'float', 0.15],
  ['0e99999999999', 'float', 0],
  ['1e-99999999999', 'float', 0],
  ['1.7976931348623157e308', 'float', Number.MAX_VALUE],
  ['""', 'string', ''],
  ['"\\u0041\\ud83d\\ude00\\/\\b\\f\\n\\r\\t\\"\\\\"', 'string', 'A\u{1f600}/\b\f\n\r\t"\\'],
  ['"é\u{1f600}\ufeff\u2028\u007f"', 'string', 'é\u{1f600}\ufeff\u2028\u007f'],
];

reader('scalars are read without loss', () => {
  for (const [text, kind, value] of scalars) {
    const node = readJson(text);
    assert.is(node.kind, kind, text);
    assert.ok(Object.is(node.value, value), text);
    assert.is(node.start, text.search(/\S/), text);
  }
});

reader('strings are read the same at any length, and with an escape or quotation mark at any place', () => {
  for (let length = 40; length < 60; length++) {
    for (const tail of ['', '\\n', '\\"', '\\\\', '\\\\\\"', 'é']) {
      const token = `"${'x'.repeat(length)}${tail}"`;
      const list = readJson(`[${token},${token}]`);
      if (list.kind !== 'array') throw new Error('no array');
      const content: unknown = JSON.parse(token);
      assert.equal(
        list.value.map(({ value, start }) => [value, start]),
        [
          [content, 1],
          [content, 2 + token.length],
        ],
      );
    }
  }
});

reader('all entries of an object are kept, in the order of the text', () => {
  const node = readJson('{"b":1,"__proto__":2,"b":{"a":3},"":4}');
  if (node.kind !== 'object') throw new Error('no object');
  assert.equal(
    node.value.map(({ key, value }) => [key, value.kind, value.start]),
    [
      ['b', 'integer', 5],
      ['__proto__', 'integer', 19],
      ['b', 'object', 25],
      ['', 'integer', 36],
    ],
  );
});

const deep = (depth: number, open: string, close: string) => open.repeat(depth) + close.repeat(depth);

reader('127 arrays and objects may be nested, and no more', () => {
  readJson(deep(127, '[', ']'));
  readJson(`${'{"a":'.repeat(127)}1${'}'.repeat(127)}`);
  readJson(`[${deep(126, '[', ']')},${deep(126, '[', ']')}]`);
  refuses(deep(128, '[', ']'), 'TooDeep', 127);
  refuses(`${'{"a":'.repeat(128)}1${'}'.repeat(128)}`, 'TooDeep', 635);
  refuses('['.repeat(1_000_000), 'TooDeep', 127);
});

const long = 'x'.repeat(100);

/** Texts that are refused, and the byte at fault. */
const refusals: readonly [text: string, offset: number][] = [
  ['', 0],
  [' ', 1],
  ['\ufeff1', 0],
  ['1\ufeff', 1],
  ['\u00a01', 0],
  ['1 2', 2],
  ['nul', 0],
  ['True', 0],
  ['nullx', 4],
  ['+1', 0],
  ['-', 0],
  ['.5', 0],
  ['1.', 1],
  ['1.e1', 1],
  ['1e', 1],
  ['1e+', 1],
  ['01', 1],
  ['-01', 2],
  ['00', 1],
  ['0x1', 1],
  ['NaN', 0],
  ['Infinity', 0],
  ['[', 1],
  ['[1', 2],
  ['[1,', 3],
  ['[1,]', 3],
  ['[,1]', 1],
  ['[1 2]', 3],
  ['[1}', 2],
  ['{', 1],
  ['{"a"', 4],
  ['{"a":', 5],
  ['{"a":1', 6],
  ['{"a":1,', 7],
  ['{"a":1,}', 7],
  ['{"a",1}', 4],
  ['{a:1}', 1],
  ["{'a':1}", 1],
  ['{1:1}', 1],
  ['{"a":1]', 6],
  [']', 0],
  ['// a\n1', 0],
  ['"', 1],
  ['"a', 2],
  ['"\\', 1],
  ['"\\"', 3],
  ['"\\x"', 1],
  ['"\\u12"', 1],
  ['"\\u12g4"', 1],
  ['"a\\U0041"', 2],
  ['"é\n"', 3],
  ['"\u0000"', 1],
  ['"\u001f"', 1],
  [`"${long}\t"`, 101],
  [`"${long}`, 101],
  [`"${long}\\x"`, 101],
  ['"\\ud800"', 1],
  ['"\\ude00"', 1],
  ['"a\\ud83dx\\ude00"', 2],
  ['"\\ud83d\\n"', 1],
  ['"\\ud83d\\ud83d\\ude00"', 1],
  ['"\\ud83d\\ude00\\ude00"', 13],
  [`"${long}\\ud800"`, 101],
  ['["é\\ud800"]', 4],
  ['{"\\ud800":1}', 2],
];

reader('a text that serde_json does not accept is refused at the byte at fault', () => {
  for (const [text, offset] of refusals) refuses(text, 'Syntax', offset);
});

reader('numbers beyond the doubles are refused', () => {
  refuses('[1e309]', 'NumberOutOfRange', 1);
  refuses('-1e400', 'NumberOutOfRange', 0);
  refuses('1'.repeat(400), 'NumberOutOfRange', 0);
  refuses('1e99999999999', 'NumberOutOfRange', 0);
});

reader('a lone surrogate in the text itself is refused', () => {
  refuses('"é\ud800"', 'InvalidUtf8', 3);
  refuses('\udc00', 'InvalidUtf8', 0);
});

reader('a long run of digits, escapes or quotation marks takes no more than linear time', () => {
  const size = 200_000;
  refuses(`"${'\\"'.repeat(size)}`, 'Syntax', 1 + 2 * size);
  assert.is(readJson(`"${'\\\\'.repeat(size)}"`).value, '\\'.repeat(size));
  refuses('9'.repeat(size), 'NumberOutOfRange', 0);
  assert.is(readJson(`0.${'9'.repeat(size)}`).value, 1);
});

function refuses(text: string, kind: JsonDecodeError['failure']['kind'], offset: number): void {
  const shown = JSON.stringify(text.slice(0, 40));
  try {
    readJson(text);
    assert.unreachable(shown);
  } catch (thrown) {
    if (!(thrown instanceof JsonDecodeError)) throw thrown;
    assert.is(thrown.failure.kind, kind, shown);
    assert.is(thrown.failure.offset, offset, `${shown}: ${thrown.message}`);
    assert.is(thrown.failure.path, '$');
  }
}

reader.run();
