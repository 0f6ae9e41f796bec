import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { measurementText, visible } from '../../../src/conformance/reporters/text.ts';

const text = suite('texts of a report');

text('unprintable characters are escaped', () => {
  assert.is(visible('a\nb\u001b\u202e\ud800\u2028'), 'a\\u{a}b\\u{1b}\\u{202e}\\u{d800}\\u{2028}');
  assert.is(visible('plain é 漢字 \u{1f600}'), 'plain é 漢字 \u{1f600}');
});

text('a long text is cut', () => {
  assert.is(visible('x'.repeat(11), 10), `${'x'.repeat(10)}...`);
  assert.is(visible('x'.repeat(10), 10), 'x'.repeat(10));
});

text('measurements', () => {
  assert.is(measurementText({ value: 1, unit: 'calls' }), '1 call');
  assert.is(measurementText({ value: 1, unit: 'fuel' }), '1 fuel');
  assert.is(measurementText({ value: 1, unit: 'pages', limit: 32 }), '1 of 32 pages');
  assert.is(measurementText({ value: 2, unit: 'pages', limit: Number.POSITIVE_INFINITY }), '2 pages');
});

text.run();
