import { ByteSink, writeSigned } from '../index.ts';

/*
 * The few instructions that metering writes into the functions of a module, encoded. They are written by the thousand, so each is a
 * function here, where the support functions are text.
 */

const END = 0x0b;
const EMPTY_BLOCK = 0x40;

/** Appends the instructions that metering uses to a sink. Each method gives the encoder again. */
export class Encoder {
  #sink: ByteSink;

  /** @param sink where the instructions go; one of its own by default. */
  constructor(sink: ByteSink = new ByteSink()) {
    this.#sink = sink;
  }

  /** What was written to a sink of its own. */
  get bytes(): readonly number[] {
    return [...this.#sink.view()];
  }

  /** Goes on in another sink. */
  into(sink: ByteSink): this {
    this.#sink = sink;
    return this;
  }

  localGet(index: number): this {
    return this.#indexed(0x20, index);
  }

  localSet(index: number): this {
    return this.#indexed(0x21, index);
  }

  localTee(index: number): this {
    return this.#indexed(0x22, index);
  }

  globalGet(index: number): this {
    return this.#indexed(0x23, index);
  }

  globalSet(index: number): this {
    return this.#indexed(0x24, index);
  }

  call(index: number): this {
    return this.#indexed(0x10, index);
  }

  br(label: number): this {
    return this.#indexed(0x0c, label);
  }

  brIf(label: number): this {
    return this.#indexed(0x0d, label);
  }

  drop(): this {
    return this.#plain(0x1a);
  }

  i32Const(value: number): this {
    this.#sink.byte(0x41);
    this.#sink.s32(value);
    return this;
  }

  i64Const(value: number): this {
    const bytes: number[] = [];
    writeSigned(bytes, BigInt(value));
    this.#sink.byte(0x42);
    this.#sink.bytes(bytes);
    return this;
  }

  i32Add(): this {
    return this.#plain(0x6a);
  }

  i32Sub(): this {
    return this.#plain(0x6b);
  }

  i32DivU(): this {
    return this.#plain(0x6e);
  }

  i32LtS(): this {
    return this.#plain(0x48);
  }

  i32Or(): this {
    return this.#plain(0x72);
  }

  i64ExtendI32U(): this {
    return this.#plain(0xad);
  }

  i64Mul(): this {
    return this.#plain(0x7e);
  }

  /** `if`, of no parameters and results. */
  if(): this {
    this.#sink.byte(0x04);
    return this.#plain(EMPTY_BLOCK);
  }

  end(): this {
    return this.#plain(END);
  }

  #plain(opcode: number): this {
    this.#sink.byte(opcode);
    return this;
  }

  #indexed(opcode: number, index: number): this {
    this.#sink.byte(opcode);
    this.#sink.u32(index);
    return this;
  }
}
