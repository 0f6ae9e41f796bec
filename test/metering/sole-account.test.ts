import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Ledger, type MeterGlobals, SoleAccount } from '../../src/metering/run/account.ts';
import { Accounts } from '../../src/metering/run/accounts.ts';

const account = suite('the account of one instance');

function newGlobals(): MeterGlobals {
  const i32 = () => new WebAssembly.Global({ value: 'i32', mutable: true }, 0);
  const i64 = () => new WebAssembly.Global({ value: 'i64', mutable: true }, 0n);
  return { counter: i32(), time: i32(), stack: i32(), heap: i64() };
}

/** All that a ledger says, and the globals of its instance. */
function shown(ledger: Ledger, globals: MeterGlobals): unknown[] {
  const { consumed, timeUnits, leftBehind } = ledger;
  const limits = [consumed - 1, consumed, consumed + 1].map((fuel) => [
    ledger.hasConsumed(fuel),
    ledger.mayHaveConsumed(fuel),
  ]);
  return [consumed, timeUnits, leftBehind, limits, Object.values(globals).map(({ value }) => Number(value))];
}

/** Does something to a ledger. @returns what it answered. */
type Step = (ledger: Ledger, globals: MeterGlobals) => unknown;

const uses =
  (counter: number, time = 0): Step =>
  (_, globals) => {
    globals.counter.value = counter;
    globals.time.value = time;
  };
const asks =
  (fuel: number, now: number): Step =>
  (ledger, globals) => {
    const [counter, time] = [Number(globals.counter.value), Number(globals.time.value)];
    return ledger.continue(counter, time, fuel, now);
  };
const recalled =
  (fuel: number, now: number): Step =>
  (ledger, globals) =>
    ledger.recallFor(Number(globals.counter.value), Number(globals.time.value))?.(fuel, now);

const steps: readonly Step[] = [
  (ledger) => ledger.burn(7),
  (ledger) => ledger.begin(0, 50_000, 9),
  (ledger) => ledger.hasHeap(1_000),
  (ledger) => ledger.hasHeap(1_001),
  (ledger) => ledger.takeHeap(400),
  (ledger, globals) => ledger.attach(globals, 9),
  (ledger) => ledger.begin(1, 50_000, 9),
  uses(4_000, 50),
  uses(-1, 300),
  asks(50_000, 1.1),
  uses(-20, 3),
  asks(50_000, 9),
  (ledger) => ledger.burn(11),
  uses(100),
  (ledger) => ledger.recall(),
  recalled(50_000, 10),
  uses(-1),
  asks(1, 10),
  (_, globals) => {
    globals.stack.value = -1;
  },
  (ledger) => ledger.resetDepth(9),
  (_, globals) => {
    globals.heap.value = -1n;
  },
  (ledger) => ledger.begin(20, 0, 5),
];

account('counts as the accounts of several do, where there is one', () => {
  const [sole, several] = [new SoleAccount(1_000n), new Accounts(1_000n)].map((ledger: Ledger) => {
    const globals = newGlobals();
    return steps.map((step) => [step(ledger, globals), shown(ledger, globals)]);
  });
  assert.equal(sole, several);
});

account.run();
