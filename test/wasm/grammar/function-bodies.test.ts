import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { functionBodyEnds } from '../../../src/wasm/grammar/function-bodies.ts';
import { wat } from '../../support/wat.ts';

const END = 0x0b;

const ends = suite('ends of functions');

ends('are the offsets after their last instruction', async () => {
  const bytes = await wat('(module (func nop) (func nop nop) (memory 1) (data "x"))');
  const [first = 0, second = 0, ...others] = functionBodyEnds(bytes);
  assert.equal([bytes[first - 1], bytes[second - 1], others], [END, END, []]);
  // A size, no locals, two instructions, and the end.
  assert.is(second - first, 5);
});

ends('of a module without functions are an empty list', async () => {
  assert.is(functionBodyEnds(await wat('(module)')).length, 0);
});

ends.run();
