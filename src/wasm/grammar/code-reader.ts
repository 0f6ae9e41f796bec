import { onFirstUse } from '../../first-use.ts';
import { ByteReader } from '../encoding/byte-reader.ts';
import { WasmFormatError } from '../encoding/error.ts';
import { readS33, readU32 } from '../encoding/leb128.ts';
import { REF, REF_NULL, readValueType, readVector } from '../encoding/types.ts';
import {
  byFirstByte,
  type Immediate,
  type Instruction,
  instructionAt,
  MEMARG_HAS_MEMORY_INDEX,
  requiredInstruction,
} from '../instructions/index.ts';
import { type IndexVisitor, readIndex } from './indices.ts';

/** Prefix bytes: a u32 follows, the rest of the opcode. */
const FIRST_PREFIX = 0xfb;
const LAST_PREFIX = 0xfe;
/** The largest number after a prefix that {@link Instruction.opcode} has room for. */
const LARGEST_PREFIXED = 0xffff;

/**
 * The immediates of an instruction, by the first byte of its opcode: short ones are decoded without
 * the instruction table.
 */
const NONE = 0;
const INDEX = 1;
const IGNORED = 2;
const BLOCK_TYPE = 3;
const MEMARG = 4;
const ANY = 5;

/** The shape of an instruction with one such immediate. All others have the shape `any`. */
const SHAPE_OF_IMMEDIATE: { readonly [K in Immediate]?: number } = {
  localIndex: INDEX,
  globalIndex: INDEX,
  functionIndex: INDEX,
  labelIndex: INDEX,
  s32: IGNORED,
  s64: IGNORED,
  blockType: BLOCK_TYPE,
  memarg: MEMARG,
};

const instructionsOfOneByte = onFirstUse(() => byFirstByte((instruction) => instruction));

const shapesByFirstByte = onFirstUse(() =>
  byFirstByte((instruction): number => {
    if (instruction === undefined) return ANY;
    const [first, second] = instruction.immediates;
    if (instruction.immediates.length === 0) return NONE;
    return first === undefined || second !== undefined ? ANY : (SHAPE_OF_IMMEDIATE[first] ?? ANY);
  }),
);

/**
 * Decodes instructions one by one, from code or from a constant expression. It creates no objects:
 * its fields describe the latest instruction.
 */
export class CodeReader {
  readonly #singleBytes = instructionsOfOneByte();
  readonly #shapes = shapesByFirstByte();
  #reader: ByteReader;
  /** The latest instruction. */
  instruction: Instruction;
  /** The first byte of its opcode. */
  firstByte = 0;
  /** The offset of its opcode, in bytes from the start of the module. */
  start: number;
  /** The offset after it. */
  end: number;
  /**
   * The value of each immediate, in order:
   *
   * - of an index or a `u32`: its value;
   * - of a `memarg`: the memory index;
   * - of a `blockType` or `heapType`: the s33;
   * - of a `labelTable`, `catchClauses` or `valueTypes`: how many there are;
   * - of all others: 0.
   */
  readonly values: number[] = [0, 0, 0, 0];
  /** The offset of each immediate. */
  readonly starts: number[] = [0, 0, 0, 0];

  /**
   * @param reader where the first instruction begins. Decoding moves it, and others may move it
   * between two instructions.
   */
  constructor(reader: ByteReader) {
    this.#reader = reader;
    this.start = reader.offset;
    this.end = reader.offset;
    this.instruction = nop();
  }

  /** Decodes other code from now on. @param reader where its first instruction begins. */
  into(reader: ByteReader): void {
    this.#reader = reader;
    this.start = reader.offset;
    this.end = reader.offset;
  }

  /** Whether all bytes have been decoded. */
  get done(): boolean {
    return this.#reader.done;
  }

  /** The bytes of the module. */
  get bytes(): Uint8Array {
    return this.#reader.bytes;
  }

  /**
   * Decodes the next instruction.
   *
   * @throws WasmFormatError `UnknownEncoding` if the opcode is not in the instruction table; and
   * for malformed immediates.
   */
  next(): void {
    const reader = this.#reader;
    const { bytes, offset: start, end } = reader;
    const byte = start < end ? (bytes[start] ?? 0) : reader.byte('an instruction');
    reader.offset = start + 1;
    this.start = start;
    this.firstByte = byte;
    const instruction = this.#singleBytes[byte] ?? this.#prefixed(byte);
    if (instruction === undefined) throw unknownInstruction(start, byte);
    this.instruction = instruction;
    const shape = this.#shapes[byte] ?? ANY;
    if (shape !== NONE && (shape === ANY || !this.#short(shape, start + 1))) this.#immediates(instruction);
    this.end = reader.offset;
  }

  /**
   * Decodes the immediate of most instructions: one byte, or two for an index or a `memarg`.
   *
   * @returns whether it could be decoded. If not, nothing has been read.
   */
  #short(shape: number, at: number): boolean {
    const reader = this.#reader;
    const { bytes } = reader;
    // `readImmediate` reports the fault if the bytes end here.
    if (at + 1 >= reader.end) return false;
    const byte = bytes[at] ?? 0x80;
    let length = 1;
    let value = byte;
    if (byte >= 0x80) {
      if (shape !== INDEX) return false;
      const second = bytes[at + 1] ?? 0x80;
      if (second < 0x80) {
        length = 2;
        value = (byte & 0x7f) | (second << 7);
      } else {
        value = readU32(reader);
        length = reader.offset - at;
      }
    }
    if (shape === MEMARG) {
      if (byte >= MEMARG_HAS_MEMORY_INDEX || (bytes[at + 1] ?? 0x80) >= 0x80) return false;
      length = 2;
      value = 0;
    } else if (shape === BLOCK_TYPE) {
      if (byte === REF || byte === REF_NULL) return false;
      if (byte >= 0x40) value = byte - 0x80;
    } else if (shape === IGNORED) value = 0;
    this.starts[0] = at;
    this.values[0] = value;
    reader.offset = at + length;
    return true;
  }

  #immediates({ immediates }: Instruction): void {
    const reader = this.#reader;
    for (let index = 0; index < immediates.length; index++) {
      this.starts[index] = reader.offset;
      // `index` is an index of this array.
      this.values[index] = readImmediate[immediates[index] as Immediate](reader);
    }
  }

  #prefixed(prefix: number): Instruction | undefined {
    if (prefix < FIRST_PREFIX || prefix > LAST_PREFIX) return undefined;
    const number = readU32(this.#reader);
    return number > LARGEST_PREFIXED ? undefined : instructionAt((prefix << 16) | number);
  }

  /**
   * The offset after an immediate of the latest instruction.
   *
   * @param index of the immediate.
   */
  endOf(index: number): number {
    return index + 1 < this.instruction.immediates.length ? (this.starts[index + 1] ?? this.end) : this.end;
  }

  /**
   * A reader over an immediate of the latest instruction, for immediates of several values.
   *
   * @param index of the immediate.
   */
  immediate(index: number): ByteReader {
    return new ByteReader(this.#reader.bytes, this.starts[index] ?? this.end, this.end);
  }
}

const NOP = 0x01;

/** What {@link CodeReader.instruction} is before anything has been read. */
const nop = onFirstUse(() => requiredInstruction(NOP));

function unknownInstruction(offset: number, found: number): WasmFormatError {
  return new WasmFormatError({ kind: 'UnknownEncoding', offset, expected: 'an instruction of WebAssembly 3.0', found });
}

/** Reads an immediate of a fixed length. Its value is 0. */
/* @__NO_SIDE_EFFECTS__ */
function fixed(bytes: number): (reader: ByteReader) => number {
  return (reader) => {
    reader.part(bytes, 'an immediate');
    return 0;
  };
}

/** Skips a LEB128 integer of up to 64 bits: nobody needs its value. */
function skipInteger(reader: ByteReader): 0 {
  const start = reader.offset;
  for (let length = 1; reader.byte('an integer') >= 0x80; length++) {
    if (length === 10)
      throw new WasmFormatError({ kind: 'IntegerTooLong', offset: start, type: 'an integer of 64 bits' });
  }
  return 0;
}

function readMemarg(reader: ByteReader): number {
  const flags = readU32(reader);
  const memory = (flags & MEMARG_HAS_MEMORY_INDEX) !== 0 ? readU32(reader) : 0;
  skipInteger(reader);
  return memory;
}

/** The byte 0x40, a value type, or a type index. */
function readBlockType(reader: ByteReader): number {
  const byte = reader.peek();
  // A reference to a heap type takes several bytes. Every other block type is an s33.
  if (byte !== REF && byte !== REF_NULL) return readS33(reader);
  readValueType(reader);
  return byte - 0x80;
}

function readCatchClauses(reader: ByteReader): number {
  return readVector(reader, (each) => readCatchClause(each)).length;
}

/** A catch clause of `try_table` (specification 5.4.2). */
export interface CatchClause {
  /** The tag that it catches; `undefined` if it catches all. */
  readonly tag: number | undefined;
  /** The label that it branches to. */
  readonly label: number;
}

/**
 * Reads a catch clause of `try_table`.
 *
 * @param reader where it begins.
 * @param visitor is shown its tag index.
 * @throws WasmFormatError `UnknownEncoding` for an unknown kind of clause.
 */
export function readCatchClause(reader: ByteReader, visitor?: IndexVisitor): CatchClause {
  const offset = reader.offset;
  const kind = reader.byte('a catch clause');
  if (kind > 3) throw new WasmFormatError({ kind: 'UnknownEncoding', offset, expected: 'a catch clause', found: kind });
  const tag = kind < 2 ? readIndex(reader, 'tag', visitor) : undefined;
  return { tag, label: readU32(reader) };
}

/**
 * Reads the labels of a `br_table`.
 *
 * @returns label indices. The last one is the default.
 */
export function readLabelTable(reader: ByteReader): number[] {
  const labels = readVector(reader, readU32);
  labels.push(readU32(reader));
  return labels;
}

function skipLabelTable(reader: ByteReader): number {
  const count = readU32(reader);
  for (let index = 0; index <= count; index++) readU32(reader);
  return count + 1;
}

/** How each immediate is read. The result is its entry of {@link CodeReader.values}. */
const readImmediate: { readonly [K in Immediate]: (reader: ByteReader) => number } = {
  blockType: readBlockType,
  labelIndex: readU32,
  labelTable: skipLabelTable,
  functionIndex: readU32,
  typeIndex: readU32,
  tableIndex: readU32,
  localIndex: readU32,
  globalIndex: readU32,
  memoryIndex: readU32,
  memarg: readMemarg,
  dataIndex: readU32,
  elementIndex: readU32,
  tagIndex: readU32,
  fieldIndex: readU32,
  u32: readU32,
  s32: skipInteger,
  s64: skipInteger,
  f32: fixed(4),
  f64: fixed(8),
  v128: fixed(16),
  lane: fixed(1),
  lanes16: fixed(16),
  heapType: readS33,
  valueTypes: (reader) => readVector(reader, (each) => readValueType(each)).length,
  catchClauses: readCatchClauses,
  castFlags: fixed(1),
  zeroByte: fixed(1),
};
