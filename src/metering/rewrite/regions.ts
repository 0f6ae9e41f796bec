import type { EditList, EditWriter } from '../../wasm/index.ts';
import { LARGEST_SLICE } from '../run/slices.ts';
import { OpenBlocks } from './open-blocks.ts';
import { Region, type RegionWriter } from './region.ts';

/** Leaves every block: a return, a call, an exception. */
const LEAVES_FUNCTION = -1;
/** Leaves none: more than there can be. A small integer, as places are, so that engines keep both alike. */
const NOWHERE = 2 ** 30;

/** An open block. */
class Frame {
  /** The region that was open where the block begins. */
  before: Region | undefined = undefined;
  /** The region at the head of a loop; `undefined` for other blocks. */
  head: Region | undefined = undefined;
  /** Of a loop: the latest region that ends in a branch back to its head. */
  backEdge: Region | undefined = undefined;
  /** Of a loop: whether those are all that come back. */
  backEdgesKnown = false;
  /** Of an `if`: the regions that its arms begin with. */
  firstArm: Region | undefined = undefined;
  secondArm: Region | undefined = undefined;
  /** Of an `if`: whether its arms so far begin with plain stretches of instructions. */
  armsKnown = false;
  /** Whether it begins where control never comes. */
  dead = false;
  /** Whether what follows the block is reached by more than what comes before its end in sequence. */
  targeted = false;
  /** Whether a catch clause goes to this block's label. */
  catches = false;
  /** The outermost block, by its place in the list of frames, that something inside leaves for; -1 for leaving the function. */
  leavesFor = NOWHERE;

  begin(before: Region | undefined, isIf: boolean, dead: boolean): void {
    this.before = before;
    this.head = undefined;
    this.backEdge = undefined;
    this.backEdgesKnown = false;
    this.firstArm = undefined;
    this.secondArm = undefined;
    this.armsKnown = isIf;
    this.dead = dead;
    // Without an `else`, what follows the end of an `if` is reached from its beginning too.
    this.targeted = isIf;
    this.catches = false;
    this.leavesFor = NOWHERE;
  }
}

/**
 * Divides a function into regions, in one pass over its instructions.
 *
 * After a block that branches lead to the end of, the region from before the block goes on, if nothing in it leaves for elsewhere: whatever
 * way control took inside, it comes to the end exactly once for each time it came to the beginning. The same holds for the two arms of
 * an `if`, and for a call of a function of the module's own, as long as nothing in the module can catch an exception: then it comes back
 * or the whole run ends.
 */
export class Regions {
  readonly #charges: RegionWriter;
  #edits: EditList | undefined;
  readonly #regions: Region[] = [];
  #count = 0;
  readonly #frames = new OpenBlocks(() => new Frame());
  #open: Region | undefined;
  /** Set after instructions behind which control does not go on: what follows is never executed, and costs nothing. */
  #dead = false;
  /** Whether exhaustion was noticed since the latest charge. */
  #fresh = false;
  /** Whether a callee has charged since the latest region began. */
  #called = false;
  /** The `if` one of whose arms has begun, and has come to no region yet. */
  #arm: Frame | undefined;

  constructor(charges: RegionWriter) {
    this.#charges = charges;
  }

  /** A function begins. @param edits gets an insertion for each region. */
  enter(edits: EditList): void {
    this.#edits = edits;
    this.#count = 0;
    this.#frames.clear();
    this.#open = undefined;
    this.#dead = false;
    this.#fresh = false;
    this.#called = false;
    this.#arm = undefined;
    this.#push(undefined, false);
  }

  /** How many regions there are. Each is known by its place, and the places are in the order of the code. */
  get count(): number {
    return this.#count;
  }

  /** The region of a place. */
  at(place: number): Region | undefined {
    return place < this.#count ? this.#regions[place] : undefined;
  }

  /** Whether more than the first is charged, or exhaustion is noticed. */
  get chargeLater(): boolean {
    for (let place = 0; place < this.#count; place++) {
      const region = this.#regions[place];
      if (region === undefined) break;
      if (region.check || region.calleeCost > 0 || (place > 0 && region.cost > 0)) return true;
    }
    return false;
  }

  /** A frame is taken off the stack in the region of a place, and the stack looked at. */
  takeFrame(place: number, slots: number): void {
    const region = this.at(place);
    if (region === undefined) return;
    region.check = true;
    region.frameSlots = slots;
  }

  /** Whether the code that comes now is never executed. */
  get dead(): boolean {
    return this.#dead;
  }

  /** How many blocks are open, the function's own body included. */
  get depth(): number {
    return this.#frames.depth;
  }

  /** Opens a region at a place, for what comes after. */
  begin(at: number, check = false, reload = false): Region {
    // An arm that begins so is no plain stretch of instructions.
    if (this.#arm !== undefined) this.#arm.armsKnown = false;
    return this.#place(at, check, reload);
  }

  /** Charges fuel for instructions that begin at a place. */
  charge(at: number, fuel: number): void {
    if (fuel === 0 || this.#dead) return;
    if (this.#open === undefined) this.#openAt(at);
    if (this.#open !== undefined) this.#open.cost += fuel;
  }

  #openAt(at: number): void {
    const arm = this.#arm;
    const region = this.#place(at, false, false);
    if (arm === undefined) return;
    if (arm.firstArm === undefined) arm.firstArm = region;
    else arm.secondArm = region;
  }

  #place(at: number, check: boolean, reload: boolean): Region {
    this.#arm = undefined;
    const place = this.#count++;
    if (place === this.#regions.length) this.#regions.push(new Region());
    const region = this.#regions[place] ?? new Region();
    region.begin(check, reload);
    this.#edits?.insert(at, this.#write, place);
    this.#open = region;
    this.#fresh = check;
    this.#called = false;
    return region;
  }

  readonly #write: EditWriter = (sink, place) => {
    const region = this.at(place);
    if (region !== undefined) this.#charges.region(region, sink);
  };

  /** Makes sure that exhaustion is noticed before the instruction at a place. */
  notice(at: number): void {
    if (this.#dead || this.#fresh) return;
    this.#fresh = true;
    const open = this.#open;
    // The latest region can look for itself, unless something was called since it began.
    const canLook = open !== undefined && !open.outside && !this.#called;
    if (canLook && open === this.#regions[this.#count - 1]) open.check = true;
    else this.#edits?.insert(at, this.#charges.check);
  }

  /** A region is open before a loop that begins at a place, so that what its head costs can be charged there. */
  beforeLoop(at: number): void {
    if (!this.#dead && this.#open === undefined) this.begin(at);
  }

  /**
   * Charges what a callee leaves to its callers, for a call at a place that has been charged itself.
   *
   * So much is charged at once that the clock is still read often: a new region begins where a slice would be used up.
   */
  chargeCallee(at: number, fuel: number): void {
    if (this.#open === undefined) return;
    if (this.#open.calleeCost + fuel > LARGEST_SLICE) this.begin(at, true);
    this.#open.calleeCost += fuel;
  }

  /** Whether the region that begins with the function is still open. */
  get atEntry(): boolean {
    return this.#open !== undefined && this.#open === this.#regions[0];
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
    const frame = this.#push(this.#open, kind === 'if');
    if (kind === 'loop') {
      frame.head = this.begin(end, true);
      frame.head.outside = outside;
      // There it is noticed before the head is charged.
      if (outside) this.#fresh = false;
      frame.backEdgesKnown = true;
    } else if (kind === 'if') {
      this.#open = undefined;
      this.#arm = frame;
    }
  }

  #push(before: Region | undefined, isIf: boolean): Frame {
    const frame = this.#frames.open();
    frame.begin(before, isIf, this.#dead);
    return frame;
  }

  /** The other arm of an `if`, or a handler of a `try`, begins after the instruction that ends at a place. */
  arm(end: number, isHandler: boolean): void {
    const frame = this.#innermost;
    this.#dead = frame.dead;
    this.#open = undefined;
    // Who comes here has not come past what was noticed in the other arm.
    this.#fresh = false;
    frame.targeted = true;
    // An arm that has come to its end without a region costs nothing.
    if (this.#arm === frame) frame.armsKnown = false;
    this.#arm = isHandler ? undefined : frame;
    if (isHandler) this.begin(end, false, true);
  }

  /** A block closes with the instruction that ends at a place. */
  close(end: number): void {
    const frame = this.#innermost;
    this.#frames.close();
    this.#leave(frame.leavesFor);
    // The end of a loop is reached in sequence only; branches to its label go to its head.
    this.#dead = frame.dead || (this.#dead && (frame.head !== undefined || !(frame.targeted || frame.catches)));
    if (this.#arm === frame) this.#arm = undefined;
    if (frame.armsKnown) chargeArmsBefore(frame);
    if (frame.head !== undefined) moveHead(frame.head, frame);
    else if (frame.catches) this.begin(end, false, true);
    else if (frame.targeted) {
      this.#open = frame.leavesFor < this.#frames.depth ? undefined : frame.before;
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
    const frame = this.#frames.ofLabel(label);
    if (frame !== undefined) {
      frame.targeted = true;
      if (!always || this.#open === undefined) frame.backEdgesKnown = false;
      else if (frame.backEdgesKnown) {
        // A region that ends so is never open again, so it is in one chain only.
        this.#open.earlierBackEdge = frame.backEdge;
        frame.backEdge = this.#open;
      }
    }
    this.#leave(this.#frames.depth - 1 - label);
  }

  /** Exceptions arrive at a label. */
  catchesAt(label: number): void {
    const frame = this.#frames.ofLabel(label);
    if (frame === undefined || this.#dead) return;
    frame.catches = true;
    if (frame.head === undefined) return;
    frame.backEdgesKnown = false;
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
    const frame = this.#innermost;
    if (target < frame.leavesFor) frame.leavesFor = target;
  }

  /** There always is one: the function's own body is never closed here. */
  get #innermost(): Frame {
    return this.#frames.innermost ?? this.#push(undefined, false);
  }
}

/**
 * Charges the head of a loop where control comes from, instead of at the head itself: in the region before the loop, and in those that end in
 * a branch back. Each of them leads to the head exactly once. A turn of a loop that is left at its head then takes one charge, not two.
 */
function moveHead(head: Region, { before, backEdge, backEdgesKnown }: Frame): void {
  if (before === undefined || backEdge === undefined || !backEdgesKnown) return;
  for (let edge: Region | undefined = backEdge; edge !== undefined; edge = edge.earlierBackEdge) {
    if (edge === head) return;
  }
  chargeToo(before, head);
  for (let edge: Region | undefined = backEdge; edge !== undefined; edge = edge.earlierBackEdge) chargeToo(edge, head);
  head.cost = 0;
  head.calleeCost = 0;
}

function chargeToo(region: Region, { cost, calleeCost }: Region): void {
  region.cost += cost;
  region.calleeCost += calleeCost;
}

/** What both arms of an `if` cost in any case is charged before it; one of them then begins without a charge. */
function chargeArmsBefore({ before, firstArm, secondArm }: Frame): void {
  if (before === undefined || firstArm === undefined || secondArm === undefined) return;
  const common = Math.min(firstArm.cost, secondArm.cost);
  before.cost += common;
  firstArm.cost -= common;
  secondArm.cost -= common;
}
