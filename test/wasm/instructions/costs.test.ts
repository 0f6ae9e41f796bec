import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { allInstructions, type Costs } from '../../../src/wasm/instructions/index.ts';

const instructions = allInstructions();

/** The names of instructions by the value of one of their costs, without those of the default. */
function exceptions<C extends keyof Costs>(column: C, usual: Costs[C]): { [value: string]: string[] } {
  const found: { [value: string]: string[] } = {};
  for (const { name, costs } of instructions) {
    if (costs[column] === usual) continue;
    found[String(costs[column])] ??= [];
    found[String(costs[column])]?.push(name);
  }
  for (const names of Object.values(found)) names.sort();
  return found;
}

const costs = suite('instruction costs');

costs('fuel is 1, except 0 for the eight that Wasmtime does not charge', () => {
  assert.equal(exceptions('fuel', 1), {
    0: ['block', 'drop', 'else', 'end', 'loop', 'nop', 'return', 'unreachable'],
  });
});

costs('time depends on an operand for sixteen instructions', () => {
  assert.equal(exceptions('time', 'constant'), {
    bytes: ['memory.copy', 'memory.fill', 'memory.init'],
    pages: ['memory.grow'],
    tableEntries: ['table.copy', 'table.fill', 'table.grow', 'table.init'],
    arrayElements: [
      'array.copy',
      'array.fill',
      'array.init_data',
      'array.init_elem',
      'array.new',
      'array.new_data',
      'array.new_default',
      'array.new_elem',
    ],
  });
});

costs('memories, tables and the heap grow', () => {
  assert.equal(exceptions('grows', 'nothing'), {
    pages: ['memory.grow'],
    tableEntries: ['table.grow'],
    arrayElements: ['array.new', 'array.new_data', 'array.new_default', 'array.new_elem'],
    fixedArray: ['array.new_fixed'],
    struct: ['struct.new', 'struct.new_default'],
    exception: ['throw'],
  });
});

costs('waiting for another thread blocks', () => {
  assert.equal(exceptions('blocks', false), { true: ['memory.atomic.wait32', 'memory.atomic.wait64'] });
});

costs('instructions that enter a function are calls or tail calls', () => {
  assert.equal(exceptions('calls', 'nothing'), {
    call: ['call', 'call_indirect', 'call_ref'],
    tailCall: ['return_call', 'return_call_indirect', 'return_call_ref'],
  });
});

costs('division, conversion, access, casts and references to functions check their operands', () => {
  const checked = new RegExp(
    '^(i\\d\\d\\.(div|rem|trunc)_|table\\.[gs]et$|struct\\.[gs]et|array\\.[gs]et|' +
      'ref\\.(cast|test|as|func)|i31\\.get|\\w+\\.atomic\\.)',
  );
  const names = instructions.map(({ name }) => name).filter((name) => checked.test(name));
  assert.is(names.length, 108);
  assert.equal(exceptions('checks', false), { true: names.sort() });
});

costs.run();
