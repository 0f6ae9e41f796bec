import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { budgetUseText, exhaustionText, isExhaustion } from '../../src/metering/budget-use.ts';
import { Meter } from '../../src/metering/run/meter.ts';
import { thrownBy } from '../support/failure.ts';

const use = suite('how much of a budget was used');

use('is text with a unit, and time is that on the clock', () => {
  assert.is(budgetUseText({ unit: 'fuel', used: 10_000_000, limit: 10_000_000 }), '10,000,000 of 10,000,000 fuel');
  assert.is(budgetUseText({ unit: 'ms', used: 202.1, limit: 200 }), '203 of 200 ms of wall-clock time');
  assert.is(
    exhaustionText({ kind: 'OutOfMemory', use: { unit: 'pages', used: 1_025, limit: 1_024 } }),
    'ran out of memory: 1,025 of 1,024 pages of growth',
  );
  assert.is(exhaustionText({ kind: 'StackOverflow' }), 'ran out of stack');
});

use('is known of budgets only', () => {
  assert.ok(isExhaustion({ kind: 'Timeout' }));
  for (const kind of ['Trap', 'toString', '']) assert.not.ok(isExhaustion({ kind }), kind);
});

use('is that of the meter, from when its time began', () => {
  let now = 1_000;
  const meter = new Meter({ fuel: 100, wallMs: 50, memoryMaxPages: 3, clock: () => now });
  meter.burn(40);
  assert.equal(meter.useOf('OutOfFuel'), { unit: 'fuel', used: 40, limit: 100 });
  now = 1_020;
  assert.not.ok(meter.readClock());
  assert.equal(meter.useOf('Timeout'), { unit: 'ms', used: 20, limit: 50 });
  assert.is(meter.useOf('StackOverflow'), undefined);
  assert.is(meter.useOf('OutOfMemory'), undefined);
  assert.ok(meter.takePages(2));
  assert.is(meter.pagesTaken, 2);
  assert.not.ok(meter.takePages(2));
  assert.is(meter.pagesTaken, 2);
  assert.equal(meter.useOf('OutOfMemory'), { unit: 'pages', used: 4, limit: 3 });

  meter.refuel({ wallMs: 50 }, 1_000);
  assert.equal(meter.useOf('Timeout'), { unit: 'ms', used: 20, limit: 50 });
  assert.is(meter.useOf('OutOfMemory'), undefined);
  now = 1_049;
  assert.not.ok(meter.readClock());
  now = 1_050;
  assert.ok(meter.readClock());
  assert.is(meter.exhausted, 'Timeout');
});

use('stands in the message of an error, in words that say nothing of plugins', () => {
  const meter = new Meter({ fuel: 100, memoryMaxPages: 3 });
  const messageOf = (run: () => unknown): string => String(thrownBy(() => meter.run(run)));
  assert.is(
    messageOf(() => meter.burn(200)),
    'MeteringError: ran out of fuel: 100 of 100 fuel',
  );
  meter.refuel();
  assert.is(
    messageOf(() => meter.takePages(4)),
    'MeteringError: ran out of memory: 4 of 3 pages of growth',
  );
  meter.refuel();
  assert.is(
    messageOf(() => meter.fail({ kind: 'StackOverflow' })),
    'MeteringError: ran out of stack',
  );
});

use.run();
