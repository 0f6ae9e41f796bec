import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { escapeUnprintable, printable } from '../src/printable.ts';

const escaping = suite('escapeUnprintable');

const escaped: readonly (readonly [what: string, text: string, expected: string])[] = [
  ['nothing', '', ''],
  ['letters of any script, marks and signs', 'né 漢字 🙂 ~ “ä” \\', 'né 漢字 🙂 ~ “ä” \\'],
  ['an escape sequence', '\u001b[2J\u001b]0;x\u0007', '\\u{1b}[2J\\u{1b}]0;x\\u{7}'],
  ['the one-byte form of an escape sequence', '\u009b2J', '\\u{9b}2J'],
  ['line ends', 'a\r\nb\u2028c\u2029d\u0085', 'a\\u{d}\\u{a}b\\u{2028}c\\u{2029}d\\u{85}'],
  ['NUL, DEL, backspace', '\u0000\u007f\b', '\\u{0}\\u{7f}\\u{8}'],
  ['characters that reorder text', 'a\u202eb\u2066c', 'a\\u{202e}b\\u{2066}c'],
  ['characters that hide text', 'a\u200bb\ufeff\u{e0041}', 'a\\u{200b}b\\u{feff}\\u{e0041}'],
  ['half a surrogate pair', 'a\ud800b', 'a\\u{d800}b'],
];

for (const [what, text, expected] of escaped) {
  escaping(`escapes ${what}`, () => assert.is(escapeUnprintable(text), expected));
}

const ranges: readonly (readonly [name: string, first: number, last: number])[] = [
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

for (const [name, first, last] of ranges) {
  escaping(`escapes every character of ${name}`, () => {
    for (let point = first; point <= last; point++) {
      assert.match(escapeUnprintable(`a${String.fromCodePoint(point)}b`), /^a\\u\{[0-9a-f]+\}b$/);
    }
  });
}

escaping('uses the shorter escapes that it is given', () => {
  assert.is(escapeUnprintable('a\nb\tc', { '\n': '\\n' }), 'a\\nb\\u{9}c');
});

escaping.run();

const print = suite('printable');

print('escapes line ends and tabs by their letters, everything else by number', () => {
  assert.is(printable('a\r\n\tb\u001b'), 'a\\r\\n\\tb\\u{1b}');
});

print('cuts a long text and says how much is missing', () => {
  assert.is(printable('a'.repeat(500)), 'a'.repeat(500));
  assert.is(printable('a'.repeat(100_000)), `${'a'.repeat(500)}... (99500 more characters)`);
  assert.is(printable('abcdef', 2), 'ab... (4 more characters)');
});

print.run();
