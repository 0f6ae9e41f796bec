import type { ByteSink, EditList } from '../wasm/index.ts';

/** Writes the charge of a region: known when the whole function is. */
export interface RegionWriter {
  region(region: Region, sink: ByteSink): void;
}

/**
 * A part of a function whose instructions are executed together: when its first one is, all of them are, once each, unless a trap ends the
 * call. Its fuel is charged in one step, where it begins.
 */
export class Region {
  /** Fuel of its instructions. */
  cost = 0;
  /** Whether exhaustion is noticed here. */
  check: boolean;
  /** Whether another function may have changed the counter since it was last looked at. */
  reload: boolean;
  /** Whether the depth must be set anew, because a callee or an exception may have left it lower. */
  restoreDepth: boolean;
  /** Who writes the charge. */
  charges: RegionWriter | undefined = undefined;

  constructor(check: boolean, reload: boolean, restoreDepth: boolean) {
    this.check = check;
    this.reload = reload;
    this.restoreDepth = restoreDepth;
  }

  /** Writes the charge, in the place where the region begins. */
  write(sink: ByteSink): void {
    this.charges?.region(this, sink);
  }
}

interface Frame {
  /** The region that was open where the block begins. */
  readonly before: Region | undefined;
  /** The region at the head of a loop; `undefined` for other blocks. */
  readonly head: Region | undefined;
  /** Whether what follows the block is reached by more than what comes before its end in sequence. */
  targeted: boolean;
  /** Whether a catch clause goes to this block's label. */
  catches: boolean;
  /** The outermost block, by its place in the list of frames, that something inside leaves for; -1 for leaving the function. */
  leavesFor: number;
}

/** Leaves every block: a return, a call, an exception. */
const LEAVES_FUNCTION = -1;

/**
 * Divides a function into regions, in one pass over its instructions.
 *
 * After a block that branches lead to the end of, the region from before the block goes on, if nothing in it leaves for elsewhere: whatever
 * way control took inside, it comes to the end exactly once for each time it came to the beginning. The same holds for the two arms of
 * an `if`. A call leaves: it may throw, and regions end at calls in any case, because the callee charges the same counter.
 */
export class Regions {
  readonly #frames: Frame[] = [newFrame(undefined)];
  readonly #edits: EditList;
  /** All regions, in the order of their places. */
  readonly all: Region[] = [];
  #open: Region | undefined;
  /** Set after instructions behind which control does not go on: what follows is never executed, and costs nothing. */
  #dead = false;
  /** Whether exhaustion was noticed since the latest charge. */
  #fresh = false;

  /** @param edits gets an insertion for each region. */
  constructor(edits: EditList) {
    this.#edits = edits;
  }

  /** Whether the code that comes now is never executed. */
  get dead(): boolean {
    return this.#dead;
  }

  /** How many blocks are open, the function's own body included. */
  get depth(): number {
    return this.#frames.length;
  }

  /** Opens a region at a place, for what comes after. */
  begin(at: number, { check = false, reload = false, restoreDepth = false } = {}): Region {
    const region = new Region(check, reload, restoreDepth);
    this.#edits.insert(at, region);
    this.all.push(region);
    this.#open = region;
    this.#fresh = check;
    return region;
  }

  /** Charges fuel for an instruction that begins at a place. */
  charge(at: number, fuel: number): void {
    if (fuel === 0 || this.#dead) return;
    this.#open ??= this.begin(at);
    this.#open.cost += fuel;
  }

  /**
   * Makes sure that exhaustion is noticed before the instruction at a place.
   *
   * @returns whether a check of its own must be written there.
   */
  notice(): boolean {
    if (this.#dead || this.#fresh) return false;
    const latest = this.all[this.all.length - 1];
    this.#fresh = true;
    if (this.#open === undefined || this.#open !== latest) return true;
    latest.check = true;
    return false;
  }

  /** A block opens with the instruction that ends at a place. */
  open(kind: 'block' | 'loop' | 'if', end: number): void {
    const before = this.#open;
    const head = kind === 'loop' ? this.begin(end, { check: true }) : undefined;
    const frame = newFrame(before, head);
    this.#frames.push(frame);
    if (kind !== 'if') return;
    // Without an `else`, what follows the end is reached from here too.
    frame.targeted = true;
    this.#open = undefined;
  }

  /** The other arm of an `if`, or a handler of a `try`, begins after the instruction that ends at a place. */
  arm(end: number, isHandler: boolean): void {
    this.#dead = false;
    this.#open = undefined;
    // Who comes here has not come past what was noticed in the other arm.
    this.#fresh = false;
    this.#innermost.targeted = true;
    if (isHandler) this.begin(end, { reload: true, restoreDepth: true });
  }

  /** A block closes with the instruction that ends at a place. */
  close(end: number): void {
    const frame = this.#innermost;
    this.#frames.pop();
    this.#innermost.leavesFor = Math.min(this.#innermost.leavesFor, frame.leavesFor);
    this.#dead = false;
    if (frame.head !== undefined) return;
    if (frame.catches) this.begin(end, { reload: true, restoreDepth: true });
    else if (frame.targeted) {
      this.#open = frame.leavesFor < this.#frames.length ? undefined : frame.before;
      this.#fresh = false;
    }
  }

  /** A branch to a label, counted from the innermost, 0. */
  branch(label: number): void {
    const target = this.#frames.length - 1 - label;
    const frame = this.#frames[target];
    if (frame !== undefined) frame.targeted = true;
    this.#leave(target);
  }

  /** A catch clause goes to a label, counted from the innermost, 0. */
  catchesAt(label: number): void {
    const frame = this.#frames[this.#frames.length - 1 - label];
    if (frame === undefined) return;
    frame.catches = true;
    if (frame.head === undefined) return;
    frame.head.reload = true;
    frame.head.restoreDepth = true;
  }

  /** After a branch that may not be taken: what follows is a region of its own. */
  split(): void {
    this.#open = undefined;
  }

  /** Control goes away, and what follows is not reached in sequence. */
  end(): void {
    this.#open = undefined;
    this.#dead = true;
  }

  /** The function is left, or may be: by a return, an exception or a call. */
  leavesFunction(): void {
    this.#leave(LEAVES_FUNCTION);
  }

  #leave(target: number): void {
    this.#innermost.leavesFor = Math.min(this.#innermost.leavesFor, target);
  }

  /** There always is one: the function's own body is never closed here. */
  get #innermost(): Frame {
    return this.#frames[this.#frames.length - 1] ?? newFrame(undefined);
  }
}

function newFrame(before: Region | undefined, head?: Region): Frame {
  return { before, head, targeted: false, catches: false, leavesFor: Number.POSITIVE_INFINITY };
}
