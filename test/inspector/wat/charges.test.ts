import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CHARGES, type ChargeKind, chargesOf, chargeText } from '../../../src/inspector/wat/charges.ts';

const charges = suite('chargesOf');

charges('tells amounts, in the order in which the charges come', () => {
  const frame = ['global.get stack', 'i32.const 37', 'i32.sub', 'local.tee 21', 'global.set stack'];
  const fuel = ['global.get counter', 'i32.const 20', 'i32.sub', 'local.tee 22', 'global.set counter'];
  const check = ['local.get 22', 'i32.const 0', 'i32.lt_s', 'if', 'call refill', 'local.set 22', 'end'];
  assert.equal(chargesOf([...frame, ...fuel, ...check]), [
    { kind: 'frame', amount: 37 },
    { kind: 'fuel', amount: 20 },
    { kind: 'check' },
  ]);
});

charges('tells a stack that may overflow at the entry', () => {
  const look = ['global.get stack', 'i32.const 700', 'i32.lt_s', 'if', 'call overflow', 'end'];
  assert.equal(chargesOf(['i32.const 88', 'call spend', ...look]), [
    { kind: 'time', amount: 88 },
    { kind: 'overflow', amount: 700 },
  ]);
});

charges('tells nothing of what metering does not insert', () => {
  assert.equal(chargesOf(['i32.const 1', 'drop']), []);
  assert.equal(
    chargesOf([]).map(({ kind }) => kind),
    ['growth', 'locals'],
  );
});

charges('are said in words, with their amounts', () => {
  assert.is(chargeText({ kind: 'fuel', amount: 12 }), 'charges 12 fuel');
  assert.is(chargeText({ kind: 'fuel', amount: 1 }), 'charges 1 fuel');
  assert.is(chargeText({ kind: 'locals', amount: 1 }), 'adds 1 local for the counter and the depth');
  assert.is(chargeText({ kind: 'frame', amount: 1 }), 'takes a frame of 1 slot off the stack');
  assert.is(chargeText({ kind: 'reload' }), 'reads the counter again');
  for (const kind of Object.keys(CHARGES) as ChargeKind[]) {
    const said = chargeText({ kind, amount: 3 });
    assert.is(said.includes('3'), CHARGES[kind].text.length === 2, said);
    assert.not.match(said, /undefined/);
  }
});

charges.run();
