import { ByteSink } from '../encoding/byte-sink.ts';
import { encodeValueType, type ValueType } from '../encoding/types.ts';
import { MEMARG_HAS_MEMORY_INDEX } from '../instructions/index.ts';

/** The byte of a block type without parameters and results (specification 5.4.2). */
const EMPTY_BLOCK_TYPE = 0x40;

/* The opcodes of the methods. A test compares them with the table. */
const UNREACHABLE = 0x00;
const NOP = 0x01;
const DROP = 0x1a;
const IF = 0x04;
const END = 0x0b;
const BR = 0x0c;
const BR_IF = 0x0d;
const RETURN = 0x0f;
const CALL = 0x10;
const LOCAL_GET = 0x20;
const LOCAL_SET = 0x21;
const LOCAL_TEE = 0x22;
const GLOBAL_GET = 0x23;
const GLOBAL_SET = 0x24;
const I32_CONST = 0x41;
const I64_CONST = 0x42;
const I32_LT_S = 0x48;
const I32_ADD = 0x6a;
const I32_SUB = 0x6b;
const I32_DIV_U = 0x6e;
const I32_OR = 0x72;
const I64_MUL = 0x7e;
const I64_EXTEND_I32_U = 0xad;

/**
 * Writes instructions to a sink.
 *
 * There is a method for each instruction that is written many times over, named as the instruction.
 * Others are an {@link opcode} and its immediates; long functions are text, see `assemble`. All
 * methods return the writer.
 */
export class CodeWriter {
  #sink: ByteSink;

  /** @param sink where the instructions are written; a new sink by default. */
  constructor(sink: ByteSink = new ByteSink()) {
    this.#sink = sink;
  }

  /** How many bytes are in the sink. */
  get length(): number {
    return this.#sink.length;
  }

  /** A copy of all bytes in the sink. */
  get bytes(): number[] {
    return [...this.#sink.view()];
  }

  /** Writes to another sink from now on. */
  into(sink: ByteSink): this {
    this.#sink = sink;
    return this;
  }

  /** An opcode: a byte, or `prefix << 16 | number`. Its immediates must follow. */
  opcode(opcode: number): this {
    if (opcode < 0x100) return this.#plain(opcode);
    this.#sink.byte(opcode >>> 16);
    this.#sink.u32(opcode & 0xffff);
    return this;
  }

  /** An index, or another unsigned integer of 32 bits. */
  u32(value: number): this {
    this.#sink.u32(value);
    return this;
  }

  /** The immediate of `i32.const`. */
  s32(value: number): this {
    this.#sink.s32(value);
    return this;
  }

  /** The immediate of `i64.const`. */
  s64(value: bigint): this {
    this.#sink.s64(value);
    return this;
  }

  /** A block type without parameters. @param result its result; none by default. */
  blockType(result?: ValueType): this {
    if (result === undefined) return this.#plain(EMPTY_BLOCK_TYPE);
    this.#sink.bytes(encodeValueType(result));
    return this;
  }

  /**
   * A `memarg`. The alignment is only a hint, so it is always that of one byte.
   *
   * @param memory the memory index.
   * @param offset in bytes, below 2^32.
   */
  memarg(memory: number, offset: number): this {
    return this.memargMemory(memory).u32(offset);
  }

  /** A `memarg` up to its offset, which must follow. @param memory the memory index. */
  memargMemory(memory: number): this {
    this.#sink.u32(memory === 0 ? 0 : MEMARG_HAS_MEMORY_INDEX);
    if (memory !== 0) this.#sink.u32(memory);
    return this;
  }

  unreachable(): this {
    return this.#plain(UNREACHABLE);
  }

  nop(): this {
    return this.#plain(NOP);
  }

  drop(): this {
    return this.#plain(DROP);
  }

  /** `if`, without parameters and results. */
  if(): this {
    return this.#plain(IF).blockType();
  }

  end(): this {
    return this.#plain(END);
  }

  br(label: number): this {
    return this.#plain(BR).u32(label);
  }

  brIf(label: number): this {
    return this.#plain(BR_IF).u32(label);
  }

  return(): this {
    return this.#plain(RETURN);
  }

  call(functionIndex: number): this {
    return this.#plain(CALL).u32(functionIndex);
  }

  localGet(index: number): this {
    return this.#plain(LOCAL_GET).u32(index);
  }

  localSet(index: number): this {
    return this.#plain(LOCAL_SET).u32(index);
  }

  localTee(index: number): this {
    return this.#plain(LOCAL_TEE).u32(index);
  }

  globalGet(index: number): this {
    return this.#plain(GLOBAL_GET).u32(index);
  }

  globalSet(index: number): this {
    return this.#plain(GLOBAL_SET).u32(index);
  }

  i32Const(value: number): this {
    return this.#plain(I32_CONST).s32(value);
  }

  /** @param value an integer; a number must be a safe integer. */
  i64Const(value: number | bigint): this {
    return this.#plain(I64_CONST).s64(BigInt(value));
  }

  i32LtS(): this {
    return this.#plain(I32_LT_S);
  }

  i32Add(): this {
    return this.#plain(I32_ADD);
  }

  i32Sub(): this {
    return this.#plain(I32_SUB);
  }

  i32DivU(): this {
    return this.#plain(I32_DIV_U);
  }

  i32Or(): this {
    return this.#plain(I32_OR);
  }

  i64Mul(): this {
    return this.#plain(I64_MUL);
  }

  i64ExtendI32U(): this {
    return this.#plain(I64_EXTEND_I32_U);
  }

  #plain(opcode: number): this {
    this.#sink.byte(opcode);
    return this;
  }
}
