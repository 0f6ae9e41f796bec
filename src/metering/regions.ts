import type { ByteSink, Edit, EditContent, EditList } from '../wasm/index.ts';
import { LARGEST_SLICE } from './slices.ts';

/** Writes the charge of a region: known when the whole function is. */
export interface RegionWriter {
  region(region: Region, sink: ByteSink): void;
}

/**
 * A part of a function whose instructions are executed together: when its first one is, all of them are, once each, unless a trap ends the
 * call. Its fuel is charged in one step, where it begins.
 */
export class Region implements Edit {
  /** Where it begins, and its charge is written: before the byte there. */
  readonly start: number;
  readonly end: number;
  readonly content: EditContent = this;
  /** Fuel of its instructions. */
  cost = 0;
  /** Fuel that callees leave to their callers. */
  calleeCost = 0;
  /** Whether exhaustion is noticed here. */
  check: boolean;
  /** Whether another function may have changed the counter since it was last looked at. */
  reload: boolean;
  /** Slots that are taken off the stack here, for the function's frame. */
  frameSlots = 0;
  /** Whether exhaustion is dealt with outside of the loop whose head this is. */
  outside = false;
  /** Who writes the charge. */
  charges: RegionWriter | undefined = undefined;

  constructor(at: number, check: boolean, reload: boolean) {
    this.start = at;
    this.end = at;
    this.check = check;
    this.reload = reload;
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
  /** Of a loop: the regions that end in a branch back to its head, as long as those are all that come back. */
  backEdges: Region[] | undefined;
  /** Of an `if`: the regions that its arms begin with; `undefined` as soon as one of them is known to begin otherwise. */
  arms: Region[] | undefined;
  /** Whether it begins where control never comes. */
  readonly dead: boolean;
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
 * an `if`, and for a call of a function of the module's own, as long as nothing in the module can catch an exception: then it comes back
 * or the whole run ends.
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
  /** Whether a callee has charged since the latest region began. */
  #called = false;
  /** The `if` one of whose arms has begun, and has come to no region yet. */
  #arm: Frame | undefined;

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
  begin(at: number, { check = false, reload = false } = {}): Region {
    // An arm that begins so is no plain stretch of instructions.
    if (this.#arm !== undefined) this.#arm.arms = undefined;
    return this.#place(new Region(at, check, reload));
  }

  /** Charges fuel for an instruction that begins at a place. */
  charge(at: number, fuel: number): void {
    if (fuel === 0 || this.#dead) return;
    if (this.#open === undefined) {
      const arms = this.#arm?.arms;
      this.#open = this.#place(new Region(at, false, false));
      arms?.push(this.#open);
    }
    this.#open.cost += fuel;
  }

  #place(region: Region): Region {
    this.#arm = undefined;
    this.#edits.add(region);
    this.all.push(region);
    this.#open = region;
    this.#fresh = region.check;
    this.#called = false;
    return region;
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
    if (this.#open === undefined || this.#open !== latest || this.#called) return true;
    latest.check = true;
    return false;
  }

  /** A region is open before a loop that begins at a place, so that what its head costs can be charged there. */
  beforeLoop(at: number): void {
    if (!this.#dead) this.#open ??= this.begin(at);
  }

  /**
   * Charges what a callee leaves to its callers, for a call at a place that has been charged itself.
   *
   * So much is charged at once that the clock is still read often: a new region begins where a slice would be used up.
   */
  chargeCallee(at: number, fuel: number): void {
    if (this.#open === undefined) return;
    if (this.#open.calleeCost + fuel > LARGEST_SLICE) this.begin(at, { check: true });
    this.#open.calleeCost += fuel;
  }

  /** Whether the region that begins with the function is still open. */
  get atEntry(): boolean {
    return this.#open !== undefined && this.#open === this.all[0];
  }

  /** A callee has charged the counter, and the region goes on after it. */
  called(): void {
    this.#fresh = false;
    this.#called = true;
  }

  /**
   * A block opens with the instruction that ends at a place.
   *
   * @param outside whether it is a loop whose exhaustion is dealt with outside of it.
   */
  open(kind: 'block' | 'loop' | 'if', end: number, outside = false): void {
    const before = this.#open;
    const head = kind === 'loop' ? this.begin(end, { check: true }) : undefined;
    if (head !== undefined) head.outside = outside;
    const frame = newFrame(before, head, kind === 'if', this.#dead);
    this.#frames.push(frame);
    if (kind !== 'if') return;
    // Without an `else`, what follows the end is reached from here too.
    frame.targeted = true;
    this.#open = undefined;
    this.#arm = frame;
  }

  /** The other arm of an `if`, or a handler of a `try`, begins after the instruction that ends at a place. */
  arm(end: number, isHandler: boolean): void {
    this.#dead = this.#innermost.dead;
    this.#open = undefined;
    // Who comes here has not come past what was noticed in the other arm.
    this.#fresh = false;
    this.#innermost.targeted = true;
    // An arm that has come to its end without a region costs nothing.
    if (this.#arm === this.#innermost) this.#innermost.arms = undefined;
    this.#arm = isHandler ? undefined : this.#innermost;
    if (isHandler) this.begin(end, { reload: true });
  }

  /** A block closes with the instruction that ends at a place. */
  close(end: number): void {
    const frame = this.#innermost;
    this.#frames.pop();
    this.#innermost.leavesFor = Math.min(this.#innermost.leavesFor, frame.leavesFor);
    // The end of a loop is reached in sequence only; branches to its label go to its head.
    this.#dead = frame.dead || (this.#dead && (frame.head !== undefined || !(frame.targeted || frame.catches)));
    if (this.#arm === frame) this.#arm = undefined;
    chargeArmsBefore(frame);
    if (frame.head !== undefined) moveHead(frame.head, frame.before, frame.backEdges ?? []);
    else if (frame.catches) this.begin(end, { reload: true });
    else if (frame.targeted) {
      this.#open = frame.leavesFor < this.#frames.length ? undefined : frame.before;
      this.#fresh = false;
    }
  }

  /**
   * A branch to a label, counted from the innermost, 0.
   *
   * @param always whether it is taken whenever control comes to it.
   */
  branch(label: number, always: boolean): void {
    // A branch that is never taken brings nothing to life.
    if (this.#dead) return;
    const target = this.#frames.length - 1 - label;
    const frame = this.#frames[target];
    if (frame !== undefined) {
      frame.targeted = true;
      if (always && this.#open !== undefined) frame.backEdges?.push(this.#open);
      else frame.backEdges = undefined;
    }
    this.#leave(target);
  }

  /** Exceptions arrive at a label. */
  catchesAt(label: number): void {
    const frame = this.#frames[this.#frames.length - 1 - label];
    if (frame === undefined || this.#dead) return;
    frame.catches = true;
    if (frame.head === undefined) return;
    frame.backEdges = undefined;
    frame.head.reload = true;
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

/**
 * Charges the head of a loop where control comes from, instead of at the head itself: in the region before the loop, and in those that end in
 * a branch back. Each of them leads to the head exactly once. A turn of a loop that is left at its head then takes one charge, not two.
 */
function moveHead(head: Region, before: Region | undefined, backEdges: readonly Region[]): void {
  if (before === undefined || backEdges.length === 0 || backEdges.includes(head)) return;
  for (const region of [before, ...backEdges]) {
    region.cost += head.cost;
    region.calleeCost += head.calleeCost;
  }
  head.cost = 0;
  head.calleeCost = 0;
}

/** What both arms of an `if` cost in any case is charged before it; one of them then begins without a charge. */
function chargeArmsBefore({ before, arms }: Frame): void {
  const [first, second] = arms ?? [];
  if (before === undefined || first === undefined || second === undefined) return;
  const common = Math.min(first.cost, second.cost);
  before.cost += common;
  first.cost -= common;
  second.cost -= common;
}

function newFrame(before: Region | undefined, head?: Region, hasArms = false, dead = false): Frame {
  return {
    before,
    head,
    backEdges: head === undefined ? undefined : [],
    arms: hasArms ? [] : undefined,
    dead,
    targeted: false,
    catches: false,
    leavesFor: Number.POSITIVE_INFINITY,
  };
}
