import { type Immediate, type Instruction, instructionAt } from '../../../src/wasm/instructions/index.ts';

/** An instruction in an expression, and the value of each of its immediates. */
export interface Decoded {
  readonly instruction: Instruction;
  readonly values: readonly unknown[];
}

/** Reads bytes in order, and throws at the end. A LEB128 integer is a number if that is exact. */
class Reader {
  offset = 0;
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get ended(): boolean {
    return this.offset === this.bytes.length;
  }

  byte(): number {
    return this.take(1)[0] ?? 0;
  }

  take(count: number): Uint8Array {
    const end = this.offset + count;
    if (end > this.bytes.length) throw new Error(`${count} bytes at ${this.offset} pass the end`);
    const taken = this.bytes.slice(this.offset, end);
    this.offset = end;
    return taken;
  }

  unsigned(): number {
    return Number(this.leb128().value);
  }

  signed(): number {
    const { value, bits } = this.leb128();
    return Number(BigInt.asIntN(bits, value));
  }

  private leb128(): { value: bigint; bits: number } {
    let value = 0n;
    for (let bits = 0; ; bits += 7) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << BigInt(bits);
      if (byte < 0x80) return { value, bits: bits + 7 };
    }
  }

  list<T>(item: () => T): T[] {
    return Array.from({ length: this.unsigned() }, item);
  }

  float(width: 4 | 8): number {
    const view = new DataView(this.take(width).buffer);
    return width === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
  }

  /** The numbers that encode a value type: two for a reference with a heap type, else one. */
  valueType(): number[] {
    const type = this.signed();
    // `(ref null ht)` and `(ref ht)` begin with 0x63 and 0x64, here as signed integers.
    return type === -0x1d || type === -0x1c ? [type, this.signed()] : [type];
  }

  memarg(): { memory: number; offset: number } {
    const flags = this.unsigned();
    return { memory: flags & 0x40 ? this.unsigned() : 0, offset: this.unsigned() };
  }

  catchClause(): number[] {
    const kind = this.byte();
    return kind < 2 ? [kind, this.unsigned(), this.unsigned()] : [kind, this.unsigned()];
  }
}

const index = (reader: Reader): unknown => reader.unsigned();
const byte = (reader: Reader): unknown => reader.byte();

const immediateReaders: { readonly [I in Immediate]: (reader: Reader) => unknown } = {
  blockType: (reader) => reader.valueType(),
  labelIndex: index,
  labelTable: (reader) => [...reader.list(() => reader.unsigned()), reader.unsigned()],
  functionIndex: index,
  typeIndex: index,
  tableIndex: index,
  localIndex: index,
  globalIndex: index,
  memoryIndex: index,
  memarg: (reader) => reader.memarg(),
  dataIndex: index,
  elementIndex: index,
  tagIndex: index,
  fieldIndex: index,
  u32: index,
  s32: (reader) => reader.signed(),
  s64: (reader) => reader.signed(),
  f32: (reader) => reader.float(4),
  f64: (reader) => reader.float(8),
  v128: (reader) => [...reader.take(16)],
  lane: byte,
  lanes16: (reader) => [...reader.take(16)],
  heapType: (reader) => reader.signed(),
  valueTypes: (reader) => reader.list(() => reader.valueType()),
  catchClauses: (reader) => reader.list(() => reader.catchClause()),
  castFlags: byte,
  zeroByte: byte,
};

/** Decodes all instructions by the table alone. Throws if the bytes end within an instruction. */
export function decodeExpression(bytes: Uint8Array): Decoded[] {
  const reader = new Reader(bytes);
  const decoded: Decoded[] = [];
  while (!reader.ended) {
    const start = reader.offset;
    const first = reader.byte();
    const opcode = first >= 0xfb ? first * 0x10000 + reader.unsigned() : first;
    const instruction = instructionAt(opcode);
    if (instruction === undefined) throw new Error(`no instruction for opcode 0x${opcode.toString(16)} at ${start}`);
    decoded.push({ instruction, values: instruction.immediates.map((kind) => immediateReaders[kind](reader)) });
  }
  return decoded;
}

/** The code of the only function of a module. The function must not have locals. */
export function onlyExpression(module: Uint8Array): Uint8Array {
  const reader = new Reader(module);
  reader.take(8);
  while (!reader.ended) {
    const id = reader.byte();
    const contents = new Reader(reader.take(reader.unsigned()));
    if (id !== 10) continue;
    const [functions, , locals] = [contents.unsigned(), contents.unsigned(), contents.unsigned()];
    if (functions !== 1 || locals !== 0) throw new Error('expected one function without locals');
    return contents.bytes.subarray(contents.offset);
  }
  throw new Error('no code section');
}
