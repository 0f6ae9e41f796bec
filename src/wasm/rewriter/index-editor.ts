import { ByteReader } from '../encoding/byte-reader.ts';
import { readS33, readU32, writeSigned, writeUnsigned } from '../encoding/leb128.ts';
import { REF, REF_NULL, readVector } from '../encoding/types.ts';
import { CodeReader, MEMARG_HAS_MEMORY_INDEX, readCatchClause } from '../grammar/code-reader.ts';
import { byFirstByte, type Immediate } from '../instructions/index.ts';
import type { EditList } from './edits.ts';
import type { IndexMaps, IndexSpace } from './plan.ts';

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

/** The index space of indices inside other immediates. */
const SPACE_WITHIN_IMMEDIATE: { readonly [K in Immediate]?: IndexSpace } = {
  memarg: 'memory',
  blockType: 'type',
  heapType: 'type',
  valueTypes: 'type',
  catchClauses: 'tag',
};

/** By the first byte of their opcode, whether instructions may hold an index which the maps change. Behind a prefix any may. */
export function mappedInstructions(maps: IndexMaps): readonly boolean[] {
  return byFirstByte((instruction) => {
    if (instruction === undefined) return true;
    return instruction.immediates.some((immediate) => {
      const space = SPACE_OF_IMMEDIATE[immediate] ?? SPACE_WITHIN_IMMEDIATE[immediate];
      return space !== undefined && maps[space] !== undefined;
    });
  });
}

/** By the first byte of their opcode, the space of instructions whose only immediate is an index. */
const onlyIndex = byFirstByte((instruction): IndexSpace | undefined => {
  const [immediate, ...others] = instruction?.immediates ?? [];
  return immediate === undefined || others.length > 0 ? undefined : SPACE_OF_IMMEDIATE[immediate];
});

/** Walks indices in sections and code, and notes an edit for each that changes. */
export class IndexEditor {
  readonly #maps: IndexMaps;
  readonly #edits: EditList;
  readonly #look: ((code: CodeReader) => void) | undefined;

  /** @param look gets the reader after each instruction of a constant expression. */
  constructor(maps: IndexMaps, edits: EditList, look?: (code: CodeReader) => void) {
    this.#maps = maps;
    this.#edits = edits;
    this.#look = look;
  }

  /** Reads an index of a space, and maps it. */
  index(reader: ByteReader, space: IndexSpace): void {
    const start = reader.offset;
    const index = readU32(reader);
    this.#mapIndex(space, index, start, reader.offset);
  }

  /** Reads a value type or a storage type; the type index in a reference is mapped. */
  valueType(reader: ByteReader): void {
    const byte = reader.byte('a type');
    if (byte === REF || byte === REF_NULL) this.heapType(reader);
  }

  /** Reads a heap type: abstract, or a type index. */
  heapType(reader: ByteReader): void {
    const start = reader.offset;
    this.#mapSigned(readS33(reader), start, reader.offset);
  }

  /** Reads a constant expression up to and including its `end`. */
  expression(reader: ByteReader): void {
    const code = new CodeReader(reader);
    do {
      code.next();
      this.#look?.(code);
      this.instruction(code);
    } while (code.instruction.control !== 'end');
  }

  /** Maps the indices of the latest instruction. */
  instruction(code: CodeReader): void {
    const space = onlyIndex[code.firstByte];
    if (space === undefined) this.#immediates(code);
    else this.#mapIndex(space, code.values[0] ?? 0, code.starts[0] ?? 0, code.end);
  }

  #immediates(code: CodeReader): void {
    const { immediates } = code.instruction;
    for (let at = 0; at < immediates.length; at++) {
      // The index runs over this array.
      const immediate = immediates[at] as Immediate;
      const space = SPACE_OF_IMMEDIATE[immediate];
      if (space !== undefined) {
        if (this.#maps[space] !== undefined)
          this.#mapIndex(space, code.values[at] ?? 0, code.starts[at] ?? 0, code.endOf(at));
      } else if (immediate === 'memarg') this.#memarg(code, at);
      else if (immediate === 'blockType') this.#blockType(code, at);
      else if (immediate === 'heapType') this.#mapSigned(code.values[at] ?? 0, code.starts[at] ?? 0, code.endOf(at));
      else if (immediate === 'valueTypes') readVector(code.immediate(at), (reader) => this.valueType(reader));
      else if (immediate === 'catchClauses') this.#catchClauses(code, at);
    }
  }

  #memarg(code: CodeReader, at: number): void {
    const memory = code.values[at] ?? 0;
    const mapped = this.#maps.memory?.(memory);
    if (mapped === undefined || mapped === memory) return;
    const reader = code.immediate(at);
    const flags = readU32(reader) & ~MEMARG_HAS_MEMORY_INDEX;
    const bytes: number[] = [];
    writeUnsigned(bytes, mapped === 0 ? flags : flags | MEMARG_HAS_MEMORY_INDEX);
    if (mapped !== 0) writeUnsigned(bytes, mapped);
    // In a memarg that names no memory the offset follows the flags.
    const start = code.starts[at] ?? 0;
    const hadIndex = (readU32(code.immediate(at)) & MEMARG_HAS_MEMORY_INDEX) !== 0;
    if (hadIndex) readU32(reader);
    this.#edits.replaceByBytes(start, reader.offset, bytes);
  }

  #blockType(code: CodeReader, at: number): void {
    const value = code.values[at] ?? 0;
    if (value >= 0) this.#mapSigned(value, code.starts[at] ?? 0, code.endOf(at));
    else if (value === REF - 0x80 || value === REF_NULL - 0x80) this.valueType(code.immediate(at));
  }

  #catchClauses(code: CodeReader, at: number): void {
    readVector(code.immediate(at), (reader) => {
      const start = reader.offset + 1;
      const clause = readCatchClause(reader);
      if (clause.tag === undefined) return;
      const tag = new ByteReader(reader.bytes, start, reader.end);
      this.index(tag, 'tag');
    });
  }

  #mapSigned(value: number, start: number, end: number): void {
    const map = this.#maps.type;
    if (map === undefined || value < 0) return;
    const mapped = map(value);
    if (mapped === undefined || mapped === value) return;
    const bytes: number[] = [];
    writeSigned(bytes, BigInt(mapped));
    this.#edits.replaceByBytes(start, end, bytes);
  }

  #mapIndex(space: IndexSpace, index: number, start: number, end: number): void {
    const map = this.#maps[space];
    if (map === undefined) return;
    const mapped = map(index);
    if (mapped === undefined || mapped === index) return;
    this.#edits.replaceByIndex(start, end, mapped);
  }
}
