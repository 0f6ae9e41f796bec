import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { takeTurns } from '../../scripts/fuzz/turns.ts';

const turns = suite('the turns of properties');

const chosen = ['a', 'b', 'c'].map((name) => {
  return { name, oracle: 'nothing', values: fc.constant(undefined), check: () => undefined };
});

/** A turn that takes so long. */
function wait(timeMs: number): void {
  const end = performance.now() + timeMs;
  while (performance.now() < end);
}

turns('are equally long, and each property has one, even when the time is short', () => {
  const seen: unknown[] = [];
  const tried = takeTurns(chosen, 3, ({ name }, round, timeMs) => {
    seen.push([name, round, timeMs]);
    wait(5); // Longer than all have together.
    return 2;
  });
  assert.equal(seen, [
    ['a', 0, 1],
    ['b', 0, 1],
    ['c', 0, 1],
  ]);
  assert.equal(
    [...tried],
    [
      ['a', 2],
      ['b', 2],
      ['c', 2],
    ],
  );
});

turns('go on until the time is over, in rounds', () => {
  const rounds: number[] = [];
  const tried = takeTurns(chosen, 500, ({ name }, round) => {
    rounds.push(round);
    wait(2);
    return name === 'c' ? 0 : 1;
  });
  const last = rounds.at(-1) ?? 0;
  assert.ok(last >= 1, `${rounds}`);
  assert.equal([...tried.values()], [last + 1, last + 1, 0]);
});

turns('are of five seconds at most', () => {
  const enough = new Error('enough');
  const take = (): unknown =>
    takeTurns(chosen, 3_600_000, (_property, _round, timeMs) => {
      assert.is(timeMs, 5_000);
      throw enough;
    });
  assert.throws(take, (thrown: unknown) => thrown === enough);
});

turns.run();
