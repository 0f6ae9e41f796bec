import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { escapeUnprintable } from '../src/unprintable.ts';

const unprintable = suite('unprintable characters');

const rows: readonly (readonly [what: string, text: string, escaped: string])[] = [
  ['nothing', '', ''],
  ['letters of any script, marks and signs', 'né 漢字 🙂 ~', 'né 漢字 🙂 ~'],
  ['an escape sequence', '\u001b[31m', '\\u{1b}[31m'],
  ['line ends', 'a\r\nb\u2028c\u2029d\u0085', 'a\\u{d}\\u{a}b\\u{2028}c\\u{2029}d\\u{85}'],
  ['what reorders text', 'a\u202eb\u2066', 'a\\u{202e}b\\u{2066}'],
  ['what hides text', 'a\u200bb\ufeff\u{e0041}', 'a\\u{200b}b\\u{feff}\\u{e0041}'],
  ['half a surrogate pair', 'a\ud800b', 'a\\u{d800}b'],
];

for (const [what, text, escaped] of rows) {
  unprintable(`escapes ${what}`, () => assert.is(escapeUnprintable(text), escaped));
}

unprintable('takes the shorter escapes that it is given', () => {
  assert.is(escapeUnprintable('a\nb\tc', { '\n': '\\n' }), 'a\\nb\\u{9}c');
});

unprintable.run();
