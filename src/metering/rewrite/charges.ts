import { type ByteSink, CodeWriter, type EditWriter } from '../../wasm/index.ts';
import { UNCOUNTED_SLOTS } from '../layout.ts';
import { I32_CONST } from './opcodes.ts';
import type { Region, RegionWriter } from './region.ts';
import type { Support } from './support.ts';

/**
 * A frame of this many slots takes noticeable time to set up: that of one instruction for each.
 */
const SLOTS_PER_UNIT = 8;

/**
 * At the head of a wrapped loop, the label of the block behind which the counter is refilled: the
 * loop's own is 0.
 */
const REFILL_LABEL = 1;

/** Encoded instructions. */
type Encoded = readonly number[];

/** Where a function keeps what it charges: locals that metering added to it, by their indices. */
export interface ChargeLocals {
  /** The counter, beside the global; `undefined` when the function looks at the global only. */
  readonly counter: number | undefined;
  /** What is left of the stack below this frame; `undefined` when the frame is not counted. */
  readonly depth: number | undefined;
  /** Whether the frame has been taken off the stack wherever the function may be left. */
  readonly popped: boolean;
}

/** The encoded instructions that are written again and again, for a counter in one place. */
interface CounterCode {
  /** Pushes the counter as this function last knew it. */
  readonly get: Encoded;
  /** The same, and the opcode of the constant that is taken off it. */
  readonly getToCharge: Encoded;
  /** After the counter and what is taken off it: keeps the difference. */
  readonly charge: Encoded;
  /** The same; when the difference is negative, the counter is filled again, or the run ends. */
  readonly chargeAndCheck: Encoded;
  /** Takes over what other functions left of the counter. */
  readonly reload: Encoded;
  /** Keeps what a refill gives; the global has it already. */
  readonly keep: Encoded;
  /** When the topmost operand is negative, the counter is filled again, or the run ends. */
  readonly refillIfNegative: Encoded;
}

/**
 * Writes the instructions that charge fuel, time and stack, for one function after the other. The
 * writers of edits are asked once all is known of the function that they are in.
 */
export class Charges implements RegionWriter {
  readonly #shared: number;
  readonly #stack: number;
  readonly #refill: number;
  readonly #spend: number;
  readonly #overflow: number;
  readonly #firstEntry: number;
  readonly #getShared: Encoded;
  readonly #getSharedToCharge: Encoded;
  /** By the index of the counter's local, and one more. */
  readonly #codes: CounterCode[] = [];
  #code: CounterCode;
  #depth: number | undefined;
  #popped = false;
  #slots = 0;
  readonly #encoder = new CodeWriter();

  constructor(support: Support) {
    this.#shared = support.global('counter');
    this.#stack = support.global('stack');
    this.#refill = support.always('refill');
    this.#spend = support.always('spend');
    this.#overflow = support.always('overflow');
    this.#firstEntry = support.always('first_entry');
    this.#getShared = new CodeWriter().globalGet(this.#shared).bytes;
    this.#getSharedToCharge = [...this.#getShared, I32_CONST];
    this.#code = this.#codeFor(undefined);
  }

  /**
   * From now on for another function.
   *
   * @param slots what a frame of it takes of the stack, in slots of 8 bytes.
   */
  begin({ counter, depth, popped }: ChargeLocals, slots: number): void {
    this.#code = this.#codeFor(counter);
    this.#depth = depth;
    this.#popped = popped;
    this.#slots = slots;
  }

  #codeFor(counter: number | undefined): CounterCode {
    const codeIndex = counter === undefined ? 0 : counter + 1;
    const known = this.#codes[codeIndex];
    if (known !== undefined) return known;
    const code = counter === undefined ? this.#globalOnly() : this.#inLocal(counter);
    this.#codes[codeIndex] = code;
    return code;
  }

  #globalOnly(): CounterCode {
    const charge = new CodeWriter().i32Sub().globalSet(this.#shared).bytes;
    return this.#withCheck(this.#getShared, charge, [], new CodeWriter().drop().bytes);
  }

  #inLocal(counter: number): CounterCode {
    const get = new CodeWriter().localGet(counter).bytes;
    const charge = new CodeWriter().i32Sub().localTee(counter).globalSet(this.#shared).bytes;
    const reload = new CodeWriter().globalGet(this.#shared).localSet(counter).bytes;
    return this.#withCheck(get, charge, reload, new CodeWriter().localSet(counter).bytes);
  }

  #withCheck(get: Encoded, charge: Encoded, reload: Encoded, keep: Encoded): CounterCode {
    const refill = new CodeWriter().i32Const(0).i32LtS().if().call(this.#refill).bytes;
    const refillIfNegative = [...refill, ...keep, ...new CodeWriter().end().bytes];
    return {
      get,
      getToCharge: [...get, I32_CONST],
      charge,
      chargeAndCheck: [...charge, ...get, ...refillIfNegative],
      reload,
      keep,
      refillIfNegative,
    };
  }

  /**
   * Where the function is entered, before all else.
   *
   * @param notEntered the index of the global that says whether it was before.
   */
  readonly firstEntry: EditWriter = (sink, notEntered) => {
    const code = this.#encoder.into(sink).globalGet(notEntered).if();
    code.i32Const(0).globalSet(notEntered).call(this.#firstEntry).end();
  };

  /**
   * Where the function is entered. A large frame takes time to set up, and is counted even when
   * nothing is called from it.
   */
  readonly entry: EditWriter = (sink) => {
    if (this.#slots <= UNCOUNTED_SLOTS) return;
    const code = this.#encoder.into(sink);
    code.i32Const(Math.ceil(this.#slots / SLOTS_PER_UNIT)).call(this.#spend);
    if (this.#depth !== undefined) return;
    code.globalGet(this.#stack).i32Const(this.#slots).i32LtS();
    code.if().call(this.#overflow).end();
  };

  /**
   * Where a region begins. The global is right at all times, so that fuel is known after a trap
   * too.
   */
  region({ cost, calleeCost, check, frameSlots, reload, outside }: Region, sink: ByteSink): void {
    const fuel = cost + calleeCost;
    const frame = frameSlots > 0 ? this.#depth : undefined;
    if (frame !== undefined) {
      const code = this.#encoder.into(sink);
      code.globalGet(this.#stack).i32Const(frameSlots).i32Sub().localTee(frame).globalSet(this.#stack);
    }
    if (outside) {
      // The head of a wrapped loop: exhaustion is noticed before it is charged, since it is charged
      // anew when the loop is entered again.
      if (reload) sink.bytes(this.#code.reload);
      sink.bytes(this.#code.get);
      this.#encoder.into(sink).i32Const(0).i32LtS().brIf(REFILL_LABEL);
      if (fuel > 0) this.#charge(fuel, sink);
      return;
    }
    const code = this.#code;
    const checksCounter = check && frame === undefined;
    if (fuel > 0) {
      sink.bytes(reload ? this.#getSharedToCharge : code.getToCharge);
      sink.s32(fuel);
      sink.bytes(checksCounter ? code.chargeAndCheck : code.charge);
    } else {
      if (reload) sink.bytes(code.reload);
      if (checksCounter) this.#check(sink);
    }
    if (check && frame !== undefined) this.#check(sink, frame);
  }

  #charge(fuel: number, sink: ByteSink): void {
    sink.bytes(this.#code.getToCharge);
    sink.s32(fuel);
    sink.bytes(this.#code.charge);
  }

  /** After a call that does not end the region. */
  readonly afterCall: EditWriter = (sink) => sink.bytes(this.#code.reload);

  /** Before a call, where the depth may not be this frame's any more. */
  readonly beforeCall: EditWriter = (sink) => {
    if (this.#depth !== undefined) this.#encoder.into(sink).localGet(this.#depth).globalSet(this.#stack);
  };

  /** After a wrapped loop, whose own end has been written: what `OuterLoops` shows there. */
  readonly afterLoop: EditWriter = (sink) => {
    this.#encoder.into(sink).br(1).end().call(this.#refill);
    sink.bytes(this.#code.keep);
    this.#encoder.br(1).end().end();
  };

  /** A place where exhaustion is noticed, and nothing charged. */
  readonly check: EditWriter = (sink) => this.#check(sink);

  /** Before a tail call and an exit to the host: this frame is taken off the stack first. */
  readonly pop: EditWriter = (sink) => {
    if (!this.#popped || this.#depth === undefined) return;
    this.#encoder.into(sink).localGet(this.#depth).i32Const(this.#slots).i32Add().globalSet(this.#stack);
  };

  /**
   * @param frame the depth, where the stack is looked at too: it and the counter are both negative
   * when used up.
   */
  #check(sink: ByteSink, frame?: number): void {
    sink.bytes(this.#code.get);
    if (frame !== undefined) this.#encoder.into(sink).localGet(frame).i32Or();
    sink.bytes(this.#code.refillIfNegative);
  }
}
