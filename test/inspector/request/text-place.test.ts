import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { excerptAt, placeOf } from '../../../src/inspector/request/text-place.ts';

const place = suite('placeOf');

place('counts lines and characters from 1', () => {
  assert.equal(placeOf('', 0), { index: 0, line: 1, column: 1 });
  assert.equal(placeOf('ab\ncd', 4), { index: 4, line: 2, column: 2 });
  assert.equal(placeOf('ab\r\n\r\ncd', 6), { index: 6, line: 3, column: 1 });
});

place('counts bytes of UTF-8, and a character beyond U+FFFF once', () => {
  const text = '"é€😀x"';
  // 1 + 2 + 3 + 4 bytes come before the x.
  assert.equal(placeOf(text, 10), { index: 5, line: 1, column: 5 });
  assert.is(text[5], 'x');
});

place('takes a lone surrogate for its replacement of 3 bytes', () => {
  assert.equal(placeOf('\ud800x', 3), { index: 1, line: 1, column: 2 });
});

place('ends at the end of the text, and never within a character', () => {
  assert.equal(placeOf('ab', 99), { index: 2, line: 1, column: 3 });
  assert.equal(placeOf('😀x', 1), { index: 2, line: 1, column: 2 });
});

place.run();

const excerpt = suite('excerptAt');

excerpt('cuts out the line of a place', () => {
  assert.equal(excerptAt('one\ntwo\nthree', { index: 5 }), { before: 't', at: 'w', after: 'o' });
});

excerpt('has no character at the end of a line', () => {
  assert.equal(excerptAt('one\ntwo', { index: 3 }), { before: 'one', at: '', after: '' });
  assert.equal(excerptAt('one', { index: 3 }), { before: 'one', at: '', after: '' });
});

excerpt('shows a whole character, and at most 60 code units on each side', () => {
  const text = `${'a'.repeat(100)}😀${'b'.repeat(100)}`;
  const { before, at, after } = excerptAt(text, { index: 100 });
  assert.equal([before.length, at, after.length], [60, '😀', 58]);
});

excerpt.run();
