import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { printable, printableJson } from '../src/printable.ts';

const print = suite('printable');

const cases: readonly (readonly [name: string, text: string, expected: string])[] = [
  ['plain text of any script', 'plug-in “ä” 日本 😀 \\', 'plug-in “ä” 日本 😀 \\'],
  ['an escape sequence', '\u001b[2J\u001b]0;x\u0007', '\\u{1b}[2J\\u{1b}]0;x\\u{7}'],
  ['the one-byte form of it', '\u009b2J', '\\u{9b}2J'],
  ['line ends and tabs', 'a\r\n\tb', 'a\\r\\n\\tb'],
  ['NUL, DEL, backspace', '\u0000\u007f\b', '\\u{0}\\u{7f}\\u{8}'],
  ['line and paragraph separators', 'a\u2028b\u2029', 'a\\u{2028}b\\u{2029}'],
  ['what turns the direction around', 'a\u202eb\u2066c', 'a\\u{202e}b\\u{2066}c'],
  ['what cannot be seen', 'a\u200bb\ufeff\u{e0041}', 'a\\u{200b}b\\u{feff}\\u{e0041}'],
  ['a lone surrogate', 'a\ud800', 'a\\u{d800}'],
];

for (const [name, text, expected] of cases) {
  print(name, () => {
    assert.is(printable(text), expected);
  });
}

const unprintable: readonly (readonly [name: string, first: number, last: number])[] = [
  ['C0 controls', 0x00, 0x1f],
  ['DEL and C1 controls', 0x7f, 0x9f],
  ['the soft hyphen', 0xad, 0xad],
  ['zero-width characters and direction marks', 0x200b, 0x200f],
  ['separators, embeddings and overrides', 0x2028, 0x202e],
  ['isolates', 0x2066, 0x2069],
  ['surrogates', 0xd800, 0xdfff],
  ['the byte order mark', 0xfeff, 0xfeff],
  ['tags', 0xe0020, 0xe007f],
];

for (const [name, first, last] of unprintable) {
  print(`escapes ${name}, each of them`, () => {
    for (let point = first; point <= last; point++) {
      assert.match(printable(`a${String.fromCodePoint(point)}b`), /^a\\(u\{[0-9a-f]+\}|[nrt])b$/);
    }
  });
}

print('cuts what is long, and says how much', () => {
  assert.is(printable('a'.repeat(500)), 'a'.repeat(500));
  assert.is(printable('a'.repeat(100_000)), `${'a'.repeat(500)}... (99500 more characters)`);
  assert.is(printable('abcdef', 2), 'ab... (4 more characters)');
});

print.run();

const json = suite('printableJson');

json('leaves the value as it is', () => {
  const value = ['\u009b', '\u202e', '\u{e0041}', '\u007f', 'ä😀', '\u2028'];
  const text = `${JSON.stringify(value, null, 2)}\n`;
  const shown = printableJson(text);
  assert.equal(JSON.parse(shown), value);
  assert.match(shown, '\\u009b');
  assert.match(shown, '\\u202e');
  assert.match(shown, '\\udb40\\udc41');
  assert.match(shown, '\n  "ä😀",\n');
  assert.not.match(shown, /[\u007f-\u009f\u2028\u202e]/);
});

json.run();
