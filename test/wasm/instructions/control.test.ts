import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { allInstructions, type NamedInstruction } from '../../../src/wasm/instructions/index.ts';

const instructions = allInstructions();

const namesOf = (matches: (instruction: NamedInstruction) => boolean): string[] =>
  instructions
    .filter(matches)
    .map(({ name }) => name)
    .sort();

/** The instructions by control, without those of the default. */
const expected = {
  trap: ['unreachable'],
  branch: ['br', 'br_table'],
  conditional: ['br_if', 'br_on_cast', 'br_on_cast_fail', 'br_on_non_null', 'br_on_null'],
  return: ['return', 'return_call', 'return_call_indirect', 'return_call_ref'],
  throw: ['rethrow', 'throw', 'throw_ref'],
  call: ['call', 'call_indirect', 'call_ref'],
  block: ['block', 'try', 'try_table'],
  loop: ['loop'],
  if: ['if'],
  else: ['else'],
  catch: ['catch', 'catch_all'],
  end: ['delegate', 'end'],
} as const;

const control = suite('instruction control flow');

for (const [value, names] of Object.entries(expected)) {
  control(`${value}: ${names.join(' ')}`, () =>
    assert.equal(
      namesOf((each) => each.control === value),
      [...names],
    ),
  );
}

control('all other instructions have the default', () => {
  assert.equal(
    namesOf((each) => each.control !== 'none'),
    Object.values(expected).flat().sort(),
  );
});

control('an instruction with a label does not only continue with the next one', () => {
  const labelled = namesOf(({ immediates }) => immediates.some((kind) => kind.startsWith('label')));
  assert.equal(
    namesOf((each) => labelled.includes(each.name) && each.control === 'none'),
    [],
  );
});

control('calls and tail calls enter a function', () => {
  assert.equal(
    namesOf((each) => each.control === 'call'),
    namesOf((each) => each.costs.calls === 'call'),
  );
  assert.equal(
    namesOf((each) => each.costs.calls === 'tailCall' && each.control !== 'return'),
    [],
  );
});

control('instructions that open a block have the stack effect block', () => {
  assert.equal(
    namesOf((each) => each.control === 'block' || each.control === 'loop' || each.control === 'if'),
    namesOf((each) => each.stack.kind === 'block'),
  );
});

control('instructions that never continue with the next one have the stack effect unreachable', () => {
  const left = ['trap', 'branch', 'return', 'throw'];
  assert.equal(
    namesOf((each) => left.includes(each.control)),
    namesOf((each) => each.stack.kind === 'unreachable'),
  );
});

control.run();
