import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readJson } from '../../../src/json/text/reader.ts';
import { plainValue, quote, writeNode } from '../../../src/json/text/write.ts';

const write = suite('json/text/write');

const short: Readonly<Record<number, string>> = {
  8: '\\b',
  9: '\\t',
  10: '\\n',
  12: '\\f',
  13: '\\r',
  34: '\\"',
  92: '\\\\',
};

write('control characters, quotation marks and backslashes are escaped, and nothing else', () => {
  for (let unit = 0; unit < 0x3000; unit++) {
    const control = unit < 0x20 ? `\\u${unit.toString(16).padStart(4, '0')}` : undefined;
    const character = String.fromCharCode(unit);
    const expected = short[unit] ?? control ?? character;
    assert.is(quote(character), `"${expected}"`);
    assert.is(quote(`${'x'.repeat(300)}${character}`), `"${'x'.repeat(300)}${expected}"`);
  }
});

const table: readonly [text: string, written: string][] = [
  [
    ' [ 1 , 1.0 , -0 , 1e2 , 18446744073709551615 , 18446744073709551616 ] ',
    '[1,1.0,-0.0,100.0,18446744073709551615,1.8446744073709552e+19]',
  ],
  ['{"b":1,"a":{"d":1,"c":2},"b":3}', '{"a":{"c":2,"d":1},"b":3}'],
  ['{"\u{1f600}":1,"\uffee":2,"__proto__":{"10":1,"9":2}}', '{"__proto__":{"10":1,"9":2},"\uffee":2,"\u{1f600}":1}'],
  ['"\\u0041\\/\\u001F\\ud83d\\ude00"', '"A/\\u001f\u{1f600}"'],
  ['[null,true,false,"",[],{}]', '[null,true,false,"",[],{}]'],
];

write('a value is written as serde_json writes a generic one', () => {
  for (const [text, written] of table) assert.is(writeNode(readJson(text)), written);
});

write('a written text is the same value, and is written the same again', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const written = writeNode(readJson(text));
      assert.is(writeNode(readJson(written)), written);
      assert.equal(JSON.parse(written), JSON.parse(text));
    }),
  );
});

write('the plain value has the last of repeated keys, and __proto__ is a key', () => {
  const value = plainValue(readJson('{"a":1,"__proto__":[9007199254740993,1.0],"a":2}'));
  assert.equal(Object.entries(value ?? {}), [
    ['__proto__', [9007199254740993n, 1]],
    ['a', 2],
  ]);
  assert.is(Object.getPrototypeOf(value), null);
});

write.run();
