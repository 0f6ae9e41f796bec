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
  near(`takes '${given}' for ${expected ?? 'none'}`, () => {
    assert.is(nearest(given, names), expected);
  });
}

near('takes the beginning of two names for neither', () => {
  assert.is(nearest('plu', ['pluggable', 'plumbing', 'socket']), undefined);
});

near('never suggests a name that is replaced as a whole', () => {
  assert.is(nearest('xy', ['ab']), undefined);
});

near.run();
