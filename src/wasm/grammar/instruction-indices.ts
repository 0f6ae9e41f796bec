import { onFirstUse } from '../../first-use.ts';
import { REF, REF_NULL, readValueType, readVector } from '../encoding/types.ts';
import { byFirstByte, type Immediate } from '../instructions/index.ts';
import { type CodeReader, readCatchClause } from './code-reader.ts';
import type { IndexSpace, IndexVisitor } from './indices.ts';

/** Is shown every index in the immediates of instructions. */
export interface InstructionIndexVisitor extends IndexVisitor {
  /**
   * The memory of a `memarg`. It is 0 if the `memarg` names none.
   *
   * @param memory the memory index.
   * @param code the reader, at the instruction.
   * @param at which of its immediates the `memarg` is.
   */
  memarg(memory: number, code: CodeReader, at: number): void;
}

/** The index space of each immediate that is an index. */
const SPACE_OF_IMMEDIATE: { readonly [K in Immediate]?: IndexSpace } = {
  functionIndex: 'function',
  typeIndex: 'type',
  tableIndex: 'table',
  globalIndex: 'global',
  memoryIndex: 'memory',
  dataIndex: 'data',
  elementIndex: 'element',
  tagIndex: 'tag',
};

/** The index space of the indices within other immediates. */
const SPACE_WITHIN_IMMEDIATE: { readonly [K in Immediate]?: IndexSpace } = {
  memarg: 'memory',
  blockType: 'type',
  heapType: 'type',
  valueTypes: 'type',
  catchClauses: 'tag',
};

/**
 * The index space of an immediate.
 *
 * @returns the space that the immediate, or an index within it, counts in; `undefined` if it holds
 * no index.
 */
export function spaceOf(immediate: Immediate): IndexSpace | undefined {
  return SPACE_OF_IMMEDIATE[immediate] ?? SPACE_WITHIN_IMMEDIATE[immediate];
}

/** By first byte of the opcode: the space of instructions whose only immediate is an index. */
const spaceOfOnlyIndex = onFirstUse(() =>
  byFirstByte((instruction): IndexSpace | undefined => {
    const [immediate, ...others] = instruction?.immediates ?? [];
    return immediate === undefined || others.length > 0 ? undefined : SPACE_OF_IMMEDIATE[immediate];
  }),
);

/**
 * Shows the indices of the latest instruction to a visitor.
 *
 * @param code the reader, at the instruction.
 * @throws what the visitor throws.
 */
export function visitIndices(code: CodeReader, visitor: InstructionIndexVisitor): void {
  const space = spaceOfOnlyIndex()[code.firstByte];
  if (space === undefined) visitImmediates(code, visitor);
  else visitor.index(space, code.values[0] ?? 0, code.starts[0] ?? 0, code.end);
}

function visitImmediates(code: CodeReader, visitor: InstructionIndexVisitor): void {
  const { immediates } = code.instruction;
  for (let at = 0; at < immediates.length; at++) {
    // `at` is an index of this array.
    const immediate = immediates[at] as Immediate;
    const value = code.values[at] ?? 0;
    const start = code.starts[at] ?? 0;
    const space = SPACE_OF_IMMEDIATE[immediate];
    if (space !== undefined) visitor.index(space, value, start, code.endOf(at));
    else if (immediate === 'memarg') visitor.memarg(value, code, at);
    else if (immediate === 'heapType') {
      if (value >= 0) visitor.heapTypeIndex(value, start, code.endOf(at));
    } else if (immediate === 'blockType') {
      if (value >= 0) visitor.heapTypeIndex(value, start, code.endOf(at));
      else if (isReference(value)) readValueType(code.immediate(at), visitor);
    } else if (immediate === 'valueTypes') readVector(code.immediate(at), (reader) => readValueType(reader, visitor));
    else if (immediate === 'catchClauses') {
      readVector(code.immediate(at), (reader) => readCatchClause(reader, visitor));
    }
  }
}

/** Whether a block type, as an s33, is the first byte of a reference to a heap type. */
function isReference(blockType: number): boolean {
  return blockType === REF - 0x80 || blockType === REF_NULL - 0x80;
}
