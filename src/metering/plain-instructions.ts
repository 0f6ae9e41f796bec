import { instructionAt } from '../wasm/index.ts';

/** Stands in the table for an instruction that is not plain. */
export const NOT_PLAIN = 127;

/**
 * By the first byte of their opcode, instructions that cost one unit of fuel and nothing else, and only move on: by how much they change
 * the height of the operand stack. They are most of all instructions, and metered without a further look.
 */
export const plainHeightChanges = Int8Array.from({ length: 256 }, (_, byte) => {
  const instruction = instructionAt(byte);
  if (instruction === undefined) return NOT_PLAIN;
  const { control, stack, costs } = instruction;
  const plain = control === 'none' && stack.kind === 'constant' && costs.fuel === 1 && costs.time === 'constant';
  return plain && costs.grows === 'nothing' && !costs.blocks ? stack.pushes - stack.pops : NOT_PLAIN;
});
