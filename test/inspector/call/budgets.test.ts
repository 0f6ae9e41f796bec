import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  BUDGETS,
  budgetOf,
  budgetsOf,
  budgetsText,
  limitText,
  moduleLimits,
  readBudgets,
  withBudget,
} from '../../../src/inspector/call/budgets.ts';
import { configOf, namesOf } from '../../../src/inspector/call/settings-text.ts';

const budgets = suite('budgets');

budgets('are those of each generation, with the defaults of hosts', () => {
  const wire = budgetsOf(1);
  const hooks = budgetsOf(2);
  assert.ok(wire.some(({ name }) => name === 'storageQuotaBytes'));
  assert.not.ok(hooks.some(({ name }) => name === 'storageQuotaBytes'));
  assert.ok(hooks.some(({ name }) => name === 'probeFuel'));
  assert.is(wire.find(({ name }) => name === 'fuel')?.byDefault[1], 1_000_000_000);
  assert.is(hooks.find(({ name }) => name === 'memoryMaxPages')?.byDefault[2], 2_048);
  for (const row of [...wire, ...hooks]) assert.type(Object.values(row.byDefault)[0], 'number');
});

budgets('have a label of their own in each generation, and the unit that it says', () => {
  for (const generation of [1, 2] as const) {
    const rows = budgetsOf(generation);
    assert.is(new Set(rows.map(({ label }) => label)).size, rows.length, `labels of generation ${generation}`);
    for (const { label, unit } of rows) {
      const said = [/^Fuel/, /^Time/, /pages/i].findIndex((pattern) => pattern.test(label));
      const expected = ['fuel', 'ms', 'pages'][said] ?? label.split(' ', 1).join().toLowerCase();
      assert.is(unit, expected, label);
    }
  }
});

budgets('are read from what was typed', () => {
  assert.is(budgetOf(' '), undefined);
  assert.is(budgetOf('none'), Number.POSITIVE_INFINITY);
  assert.is(budgetOf('1,000_000 000'), 1_000_000_000);
  assert.is(budgetOf('0'), 0);
  for (const typed of ['-1', '1.5', 'x', '1e3', '9'.repeat(16)]) assert.ok(Number.isNaN(budgetOf(typed)), typed);
});

budgets('are written to the address and read again', () => {
  const values = { fuel: 1000, wallMs: Number.POSITIVE_INFINITY, calls: 9 };
  assert.is(budgetsText(values), 'fuel=1000,wallMs=none,calls=9');
  assert.equal(readBudgets(budgetsText(values)), values);
  assert.equal(readBudgets(''), {});
});

budgets('leave out what a link made up', () => {
  const text = 'fuel=x,unknown=1,__proto__=1,constructor=1,wallMs=,calls=9=9,tables';
  assert.equal(readBudgets(text), { calls: 9 });
});

budgets('change one at a time', () => {
  assert.equal(withBudget({ fuel: 1 }, 'wallMs', 2), { fuel: 1, wallMs: 2 });
  assert.equal(withBudget({ fuel: 1, wallMs: 2 }, 'fuel', undefined), { wallMs: 2 });
});

budgets('say what a limit on the module counts', () => {
  assert.ok(moduleLimits.includes('calls'));
  assert.is(limitText('calls'), 'calls of a function, 20000 by default');
  assert.is(limitText('fuel'), '');
  assert.not.ok(
    moduleLimits.some((name) => Object.hasOwn(BUDGETS, name)),
    'a name stands for one thing',
  );
});

budgets.run();

const lines = suite('settings text');

lines('reads a configuration', () => {
  assert.equal(configOf(''), {});
  assert.equal(configOf('a=1\r\n\nb=x=y\nc='), { a: '1', b: 'x=y', c: '' });
  for (const text of ['a', '=1', 'a=1\na=2']) assert.is(configOf(text), undefined, text);
});

lines('reads names, each once', () => {
  assert.equal(namesOf(' a \n\nb\na'), ['a', 'b']);
});

lines.run();
