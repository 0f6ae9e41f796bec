import type { ByteSink } from '../wasm/index.ts';
import { Encoder } from './encode.ts';
import { UNCOUNTED_SLOTS } from './layout.ts';
import type { Region } from './regions.ts';
import type { Support } from './support.ts';

/** A frame of this many slots takes noticeable time to set up: that of one instruction for so many. */
const SLOTS_PER_UNIT = 8;

/** At the head of a wrapped loop, the label of the block behind which the counter is refilled: the loop's own is 0. */
const REFILL_LABEL = 1;

/** Where a function keeps what it charges: locals that metering added to it, by their indices. */
export interface ChargeLocals {
  /** The counter, beside the global; `undefined` when the function looks at the global only. */
  readonly counter: number | undefined;
  /** What is left of the stack below this frame; `undefined` when the frame is not counted. */
  readonly depth: number | undefined;
}

/** Writes the instructions that charge a function's fuel, time and stack. */
export class Charges {
  readonly #support: Support;
  readonly #shared: number;
  readonly #stack: number;
  readonly #refill: number;
  readonly #counter: number | undefined;
  readonly #depth: number | undefined;
  readonly #slots: number;
  readonly #encoder = new Encoder();

  /** @param slots what a frame of the function takes of the stack, in slots of 8 bytes. */
  constructor(support: Support, { counter, depth }: ChargeLocals, slots: number) {
    this.#support = support;
    this.#shared = support.global('counter');
    this.#stack = support.global('stack');
    this.#refill = support.always('refill');
    this.#counter = counter;
    this.#depth = depth;
    this.#slots = slots;
  }

  /** Where the function is entered. A large frame takes time to set up, and is counted even when nothing is called from it. */
  entry(sink: ByteSink): void {
    if (this.#slots <= UNCOUNTED_SLOTS) return;
    const code = this.#encoder.into(sink);
    code.i32Const(Math.ceil(this.#slots / SLOTS_PER_UNIT)).call(this.#support.always('spend'));
    if (this.#depth !== undefined) return;
    code.globalGet(this.#stack).i32Const(this.#slots).i32LtS();
    code.if().call(this.#support.always('overflow')).end();
  }

  /** Where a region begins. The global is right at all times, so that fuel is known after a trap too. */
  region({ cost, calleeCost, check, frameSlots, reload, outside }: Region, sink: ByteSink): void {
    const code = this.#encoder.into(sink);
    const frame = frameSlots > 0 ? this.#depth : undefined;
    if (frame !== undefined) {
      code.globalGet(this.#stack).i32Const(frameSlots).i32Sub().localTee(frame).globalSet(this.#stack);
    }
    if (outside) {
      // The head of a wrapped loop: exhaustion is noticed before it is charged, since it is charged anew when the loop is entered again.
      if (reload) this.#reload(code);
      this.#get(code).i32Const(0).i32LtS().brIf(REFILL_LABEL);
      this.#charge(code, cost + calleeCost, false);
    } else {
      this.#charge(code, cost + calleeCost, reload);
      if (check) this.#check(code, frame);
    }
  }

  /** After a call behind which the region goes on. */
  afterCall(sink: ByteSink): void {
    this.#reload(this.#encoder.into(sink));
  }

  /** Before a call, where the depth may not be this frame's any more. */
  beforeCall(sink: ByteSink): void {
    if (this.#depth !== undefined) this.#encoder.into(sink).localGet(this.#depth).globalSet(this.#stack);
  }

  /** After a wrapped loop, whose own end has been written: what `OuterLoops` shows there. */
  afterLoop(sink: ByteSink): void {
    const code = this.#encoder.into(sink).br(1).end();
    this.#keep(code.call(this.#refill)).br(1).end().end();
  }

  #reload(code: Encoder): void {
    if (this.#counter !== undefined) code.globalGet(this.#shared).localSet(this.#counter);
  }

  #charge(code: Encoder, cost: number, reload: boolean): void {
    if (cost > 0) {
      if (this.#counter === undefined || reload) code.globalGet(this.#shared);
      else code.localGet(this.#counter);
      code.i32Const(cost).i32Sub();
      if (this.#counter !== undefined) code.localTee(this.#counter);
      code.globalSet(this.#shared);
    } else if (reload) this.#reload(code);
  }

  /** A place where exhaustion is noticed, and nothing charged. */
  check(sink: ByteSink): void {
    this.#check(this.#encoder.into(sink));
  }

  /** Before a tail call, which takes this frame off the stack first. */
  pop(sink: ByteSink): void {
    if (this.#depth === undefined) return;
    this.#encoder.into(sink).localGet(this.#depth).i32Const(this.#slots).i32Add().globalSet(this.#stack);
  }

  /** @param frame the depth, where the stack is looked at too: it and the counter are both negative when used up. */
  #check(code: Encoder, frame?: number): void {
    this.#get(code);
    if (frame !== undefined) code.localGet(frame).i32Or();
    code.i32Const(0).i32LtS().if();
    this.#keep(code.call(this.#refill)).end();
  }

  /** What a refill gave. The global has it already. */
  #keep(code: Encoder): Encoder {
    return this.#counter === undefined ? code.drop() : code.localSet(this.#counter);
  }

  #get(code: Encoder): Encoder {
    return this.#counter === undefined ? code.globalGet(this.#shared) : code.localGet(this.#counter);
  }
}
