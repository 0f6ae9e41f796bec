import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { painter, wantsColor } from '../../../src/cli/output/terminal.ts';

const paint = suite('painter');

paint('puts codes around the text', () => {
  assert.is(painter(true)('red', 'x'), '\u001b[31mx\u001b[39m');
  assert.is(painter(true)('bold', 'x'), '\u001b[1mx\u001b[22m');
});

paint('changes nothing without a style, a text or colour', () => {
  assert.is(painter(true)(undefined, 'x'), 'x');
  assert.is(painter(true)('red', ''), '');
  assert.is(painter(false)('red', 'x'), 'x');
});

paint.run();

const wants = suite('wantsColor');

const cases: readonly (readonly [isTerminal: boolean, env: Record<string, string>, expected: boolean])[] = [
  [true, {}, true],
  [false, {}, false],
  [true, { TERM: 'dumb' }, false],
  [true, { TERM: 'xterm-256color' }, true],
  [true, { NO_COLOR: '1' }, false],
  [true, { NO_COLOR: '' }, true], // no-color.org: when present and not an empty string
  [false, { FORCE_COLOR: '1' }, true],
  [false, { FORCE_COLOR: '' }, true],
  [false, { FORCE_COLOR: 'true', TERM: 'dumb' }, true],
  [true, { FORCE_COLOR: '0' }, false],
  [true, { FORCE_COLOR: 'false' }, false],
  [false, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
];

for (const [isTerminal, env, expected] of cases) {
  wants(`${isTerminal ? 'a terminal' : 'a pipe'} with ${JSON.stringify(env)}: ${expected}`, () => {
    assert.is(wantsColor({ isTerminal, env }), expected);
  });
}

wants.run();
