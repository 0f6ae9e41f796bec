import { ByteReader } from '../encoding/byte-reader.ts';
import { WasmFormatError } from '../encoding/error.ts';
import { readS33, readU32 } from '../encoding/leb128.ts';
import { REF, REF_NULL, readValueType, readVector } from '../encoding/types.ts';
import { byFirstByte, type Immediate, type Instruction, instructionAt } from '../instructions/index.ts';

/** Prefix bytes: the opcode goes on with a u32. */
const FIRST_PREFIX = 0xfb;
const LAST_PREFIX = 0xfe;
/** The largest number after a prefix that can be told apart from another prefix's in {@link Instruction.opcode}. */
const LARGEST_PREFIXED = 0xffff;

/** In the flags of a `memarg`: a memory index follows them. */
export const MEMARG_HAS_MEMORY_INDEX = 0x40;

/** What is known of an instruction's immediates by the first byte of its opcode, so that short ones are decoded without a look at the table. */
const SHAPE = { none: 0, index: 1, ignored: 2, blockType: 3, memarg: 4, any: 5 } as const;

/** The shape of an instruction with one immediate of these; all others are `any`. */
const SHAPE_OF_IMMEDIATE: { readonly [K in Immediate]?: number } = {
  localIndex: SHAPE.index,
  globalIndex: SHAPE.index,
  functionIndex: SHAPE.index,
  labelIndex: SHAPE.index,
  s32: SHAPE.ignored,
  s64: SHAPE.ignored,
  blockType: SHAPE.blockType,
  memarg: SHAPE.memarg,
};

const singleBytes = byFirstByte((instruction) => instruction);

const shapes = byFirstByte((instruction): number => {
  if (instruction === undefined) return SHAPE.any;
  const [first, second] = instruction.immediates;
  if (instruction.immediates.length === 0) return SHAPE.none;
  return first === undefined || second !== undefined ? SHAPE.any : (SHAPE_OF_IMMEDIATE[first] ?? SHAPE.any);
});

/**
 * Decodes instructions one after the other, from code or from a constant expression, without building anything: the fields tell of the
 * latest instruction.
 */
export class CodeReader {
  #reader: ByteReader;
  /** The latest instruction. */
  instruction: Instruction;
  /** The first byte of its opcode. */
  firstByte = 0;
  /** Where its opcode begins, in bytes from the start of the module. */
  start: number;
  /**
   * The value of each immediate that is an index or a number in 32 bits, in order; for a `memarg` the memory index, for a `blockType` or
   * `heapType` the s33. For a `labelTable`, `catchClauses` or `valueTypes`, how many there are. For all others 0.
   */
  readonly values: number[] = [0, 0, 0, 0];
  /** Where each immediate begins. */
  readonly starts: number[] = [0, 0, 0, 0];

  /** @param reader where the first instruction begins. It moves along, and may be moved. */
  constructor(reader: ByteReader) {
    this.#reader = reader;
    this.start = reader.offset;
    this.instruction = nop;
  }

  /** Goes on in other code. */
  into(reader: ByteReader): void {
    this.#reader = reader;
    this.start = reader.offset;
  }

  /** Where the latest instruction ends. */
  get end(): number {
    return this.#reader.offset;
  }

  /** Whether all bytes have been decoded. */
  get done(): boolean {
    return this.#reader.done;
  }

  /** The bytes that the offsets count in. */
  get bytes(): Uint8Array {
    return this.#reader.bytes;
  }

  /**
   * Decodes the next instruction.
   *
   * @throws WasmFormatError `UnknownEncoding` with the offset for an opcode that is not in the instruction table.
   */
  next(): void {
    const reader = this.#reader;
    const start = reader.offset;
    this.start = start;
    const byte = start < reader.end ? (reader.bytes[start] ?? 0) : reader.byte('an instruction');
    reader.offset = start + 1;
    this.firstByte = byte;
    const instruction = singleBytes[byte] ?? this.#prefixed(byte);
    if (instruction === undefined) throw unknownInstruction(start, byte);
    this.instruction = instruction;
    const shape = shapes[byte];
    if (shape === SHAPE.none) return;
    if (shape !== SHAPE.any && this.#short(shape, start + 1)) return;
    const { immediates } = instruction;
    for (let index = 0; index < immediates.length; index++) {
      this.starts[index] = reader.offset;
      // The index runs over this array.
      this.values[index] = readImmediate[immediates[index] as Immediate](reader);
    }
  }

  /** Decodes the immediates of most instructions in most code: those that take one byte, or two for an index or a `memarg`. */
  #short(shape: number | undefined, at: number): boolean {
    const reader = this.#reader;
    const { bytes } = reader;
    // Past the end of what may be read the general way finds the fault.
    if (at + 1 >= reader.end) return false;
    const byte = bytes[at] ?? 0x80;
    let length = 1;
    let value = byte;
    if (byte >= 0x80) {
      const second = bytes[at + 1] ?? 0x80;
      if (shape !== SHAPE.index || second >= 0x80) return false;
      length = 2;
      value = (byte & 0x7f) | (second << 7);
    }
    if (shape === SHAPE.memarg) {
      if (byte >= MEMARG_HAS_MEMORY_INDEX || (bytes[at + 1] ?? 0x80) >= 0x80) return false;
      length = 2;
      value = 0;
    } else if (shape === SHAPE.blockType) {
      if (byte === REF || byte === REF_NULL) return false;
      if (byte >= 0x40) value = byte - 0x80;
    } else if (shape === SHAPE.ignored) value = 0;
    this.starts[0] = at;
    this.values[0] = value;
    reader.offset = at + length;
    return true;
  }

  #prefixed(prefix: number): Instruction | undefined {
    if (prefix < FIRST_PREFIX || prefix > LAST_PREFIX) return undefined;
    const number = readU32(this.#reader);
    return number > LARGEST_PREFIXED ? undefined : instructionAt((prefix << 16) | number);
  }

  /** Where an immediate of the latest instruction ends: where the next one begins, or the instruction ends. */
  endOf(index: number): number {
    return index + 1 < this.instruction.immediates.length ? (this.starts[index + 1] ?? this.end) : this.end;
  }

  /** A reader at an immediate of the latest instruction, for those that hold more than one value. */
  immediate(index: number): ByteReader {
    return new ByteReader(this.#reader.bytes, this.starts[index] ?? this.end, this.end);
  }
}

/** What a reader shows before it has read anything. */
const nop = instructionOfByte(0x01);

/* @__NO_SIDE_EFFECTS__ */
function instructionOfByte(byte: number): Instruction {
  const instruction = singleBytes[byte];
  if (instruction === undefined) throw new RangeError(`the instruction table has no instruction of the byte ${byte}`);
  return instruction;
}

function unknownInstruction(offset: number, found: number): WasmFormatError {
  return new WasmFormatError({ kind: 'UnknownEncoding', offset, expected: 'an instruction of WebAssembly 3.0', found });
}

/** An immediate of so many bytes. */
/* @__NO_SIDE_EFFECTS__ */
function fixed(bytes: number): (reader: ByteReader) => number {
  return (reader) => {
    reader.part(bytes, 'an immediate');
    return 0;
  };
}

/** Skips a LEB128 integer of up to 64 bits whose value nobody needs. */
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
  // References to a heap type take more than one byte; every other block type is an s33, of one byte unless it is a type index.
  if (byte !== 0x63 && byte !== 0x64) return readS33(reader);
  readValueType(reader);
  return byte - 0x80;
}

function readCatchClauses(reader: ByteReader): number {
  return readVector(reader, readCatchClause).length;
}

/** One `catch` clause of `try_table` (specification 5.4.2): its tag, if it names one, and the label that it goes to. */
export interface CatchClause {
  readonly tag: number | undefined;
  readonly label: number;
}

/** Reads one clause of a `try_table`. */
export function readCatchClause(reader: ByteReader): CatchClause {
  const offset = reader.offset;
  const kind = reader.byte('a catch clause');
  if (kind > 3) throw new WasmFormatError({ kind: 'UnknownEncoding', offset, expected: 'a catch clause', found: kind });
  const tag = kind < 2 ? readU32(reader) : undefined;
  return { tag, label: readU32(reader) };
}

/** Reads the labels of a `br_table`, the default one last. */
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

/** How each immediate is read: its value, where it has one of its own. */
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
  valueTypes: (reader) => readVector(reader, readValueType).length,
  catchClauses: readCatchClauses,
  castFlags: fixed(1),
  zeroByte: fixed(1),
};

/** Reads past a constant expression: its instructions up to the first `end`, which closes it since none of them opens a block. */
export function skipExpression(reader: ByteReader): void {
  const code = new CodeReader(reader);
  do code.next();
  while (code.instruction.control !== 'end');
}
