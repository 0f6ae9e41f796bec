import { readU32, writeSigned, writeUnsigned } from '../encoding/leb128.ts';
import type { CodeReader } from '../grammar/code-reader.ts';
import type { ElementVisitor } from '../grammar/elements.ts';
import type { IndexSpace } from '../grammar/indices.ts';
import { type InstructionIndexVisitor, spaceOf, visitIndices } from '../grammar/instruction-indices.ts';
import { byFirstByte, MEMARG_HAS_MEMORY_INDEX } from '../instructions/index.ts';
import type { EditList } from './edits.ts';
import type { IndexMaps } from './plan.ts';

/**
 * The instructions that may hold an index which some maps change.
 *
 * @returns by first byte of the opcode, whether they may. After a prefix, any may.
 */
export function mappedInstructions(maps: IndexMaps): readonly boolean[] {
  return byFirstByte((instruction) => {
    if (instruction === undefined) return true;
    return instruction.immediates.some((immediate) => {
      const space = spaceOf(immediate);
      return space !== undefined && maps[space] !== undefined;
    });
  });
}

/** Makes an edit for each index that the maps change, in the elements of sections and in code. */
export class IndexEditor implements ElementVisitor, InstructionIndexVisitor {
  readonly #maps: IndexMaps;
  readonly #edits: EditList;

  /**
   * @param maps of the index spaces that change.
   * @param edits gets the edits.
   */
  constructor(maps: IndexMaps, edits: EditList) {
    this.#maps = maps;
    this.#edits = edits;
  }

  instruction(code: CodeReader): void {
    visitIndices(code, this);
  }

  index(space: IndexSpace, index: number, start: number, end: number): void {
    const map = this.#maps[space];
    if (map === undefined) return;
    const mapped = map(index);
    if (mapped === undefined || mapped === index) return;
    this.#edits.replaceByIndex(start, end, mapped);
  }

  heapTypeIndex(index: number, start: number, end: number): void {
    const mapped = this.#maps.type?.(index);
    if (mapped === undefined || mapped === index) return;
    const bytes: number[] = [];
    writeSigned(bytes, BigInt(mapped));
    this.#edits.replaceByBytes(start, end, bytes);
  }

  memarg(memory: number, code: CodeReader, at: number): void {
    const mapped = this.#maps.memory?.(memory);
    if (mapped === undefined || mapped === memory) return;
    const reader = code.immediate(at);
    const start = reader.offset;
    const flags = readU32(reader);
    if ((flags & MEMARG_HAS_MEMORY_INDEX) !== 0) readU32(reader);
    const alignment = flags & ~MEMARG_HAS_MEMORY_INDEX;
    const bytes: number[] = [];
    writeUnsigned(bytes, mapped === 0 ? alignment : alignment | MEMARG_HAS_MEMORY_INDEX);
    if (mapped !== 0) writeUnsigned(bytes, mapped);
    this.#edits.replaceByBytes(start, reader.offset, bytes);
  }
}
