import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { failedLines, failureLines } from '../../../src/cli/reports/failure-text.ts';

const text = suite('the text of a failure');

const error = { kind: 'Trap', message: 'stopped\u001b[2J' };

text('has the details after the message, and the hint last', () => {
  assert.equal(failureLines({ ...error, hint: 'Go on.' }, ['at byte 9']), [
    'Trap: stopped\\u{1b}[2J',
    'at byte 9',
    'hint: Go on.',
  ]);
});

text('has no line for a hint that is missing', () => {
  assert.equal(failureLines(error), ['Trap: stopped\\u{1b}[2J']);
});

text('stands below what failed', () => {
  assert.equal(failedLines('a.wasm: not prepared', error), ['a.wasm: not prepared', '  Trap: stopped\\u{1b}[2J']);
});

text.run();
