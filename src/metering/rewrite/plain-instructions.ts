import { onFirstUse } from '../../first-use.ts';
import { type Instruction, type PlainTable, plainTable } from '../../wasm/index.ts';
import type { ModuleSpaces } from './module-spaces.ts';

/** Whether an instruction costs fuel and nothing else, and no limit counts it. */
function isPlain(instruction: Instruction): boolean {
  const { time, grows, blocks, checks } = instruction.costs;
  return time === 'constant' && grows === 'nothing' && !blocks && !checks;
}

/** Whether an instruction loads from a memory, or stores to one. */
export const accessesMemory = ({ immediates }: Instruction): boolean => immediates[0] === 'memarg';

const plain = onFirstUse(() => plainTable(isPlain));
const plainWithoutAccesses = onFirstUse(() =>
  plainTable((instruction) => isPlain(instruction) && !accessesMemory(instruction)),
);

/**
 * Whether a module has a memory with addresses of 64 bits. A limit counts its accesses to memory.
 */
export const has64BitMemory = ({ memories }: ModuleSpaces): boolean => memories.some(({ type }) => type === 'i64');

/**
 * The instructions of a module that cost fuel and nothing else, and that no limit counts.
 */
export const plainInstructions = (spaces: ModuleSpaces): PlainTable =>
  has64BitMemory(spaces) ? plainWithoutAccesses() : plain();
