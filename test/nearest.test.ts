import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { nearest } from '../src/nearest.ts';

const near = suite('nearest');

const names = ['admit', 'inspect', 'dispatch', 'filter'];

const cases: readonly (readonly [given: string, expected: string | undefined])[] = [
  ['admti', 'admit'], // two letters swapped: one edit
  ['amdit', 'admit'],
  ['Admit', 'admit'],
  ['admitt', 'admit'],
  ['disp', 'dispatch'], // its beginning
  ['inspcet', 'inspect'],
  ['fitlre', 'filter'],
  ['dispatchers', undefined], // three letters too many
  ['xyz', undefined],
  ['', undefined],
  ['a', undefined],
];

for (const [given, expected] of cases) {
  near(`suggests ${expected ?? 'nothing'} for '${given}'`, () => {
    assert.is(nearest(given, names), expected);
  });
}

near('suggests nothing for the beginning of two names', () => {
  assert.is(nearest('plu', ['pluggable', 'plumbing', 'socket']), undefined);
});

near('suggests nothing if every letter differs', () => {
  assert.is(nearest('xy', ['ab']), undefined);
});

near.run();
