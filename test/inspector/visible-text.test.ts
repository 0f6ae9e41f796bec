import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { visibleLines } from '../../src/inspector/visible-text.ts';

const visible = suite('inspector/visible-text');

visible('what a page would not show is escaped, and lines stay', () => {
  assert.is(visibleLines('a\nb\r\u0000\u202e\u2028\u{e0001}'), 'a\nb\\u{d}\\u{0}\\u{202e}\\u{2028}\\u{e0001}');
  assert.is(visibleLines('<b>&amp; \u00fc'), '<b>&amp; \u00fc');
});

visible.run();
