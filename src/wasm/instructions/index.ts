export {
  type Control,
  type Costs,
  type Feature,
  type Immediate,
  type Instruction,
  MEMARG_HAS_MEMORY_INDEX,
  type NamedInstruction,
  type StackEffect,
} from './instruction.ts';
export { allInstructions, instructionName, instructionNamed } from './named.ts';
export { byFirstByte, instructionAt, requiredInstruction } from './table.ts';
