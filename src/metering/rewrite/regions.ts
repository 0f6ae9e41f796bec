import type { EditList, EditWriter } from '../../wasm/index.ts';
import { LARGEST_SLICE } from '../layout.ts';
import type { Block, OpenBlocks } from './open-blocks.ts';
import { Region, type RegionWriter } from './region.ts';

/** The target of what leaves every block: a return, a call, an exception. */
const LEAVES_FUNCTION = -1;

/**
 * Divides a function into regions, in one pass over its instructions.
 *
 * If no branch inside a block leaves it, the region that was open before the block continues after
 * it: each time control enters the block, it reaches the end once. The same holds for the two arms
 * of an `if`. It holds for a call of a function of the module too, unless something in the module
 * catches exceptions: the call returns or the run ends. (Proof: RATIONALE.md, "Where do
 * charges go, and why is that exact?")
 */
export class Regions {
  readonly #charges: RegionWriter;
  readonly #edits: EditList;
  readonly #blocks: OpenBlocks;
  readonly #regions: Region[] = [];
  /** How many regions there are. Their indices are in the order of the code. */
  count = 0;
  /** The region that what comes now is charged to; `undefined` if the next charge opens one. */
  open: Region | undefined;
  /** Whether the code that comes now is never executed: it costs nothing, and no region is open. */
  dead = false;
  /** Whether the counter was checked after the latest charge. */
  #fresh = false;
  /** Whether a callee may have charged since the latest region began. */
  #called = false;
  /** The `if` one of whose arms has begun, but has no region yet. */
  #arm: Block | undefined;

  /** @param edits gets an insertion for each region. @param blocks that are open. */
  constructor(charges: RegionWriter, edits: EditList, blocks: OpenBlocks) {
    this.#charges = charges;
    this.#edits = edits;
    this.#blocks = blocks;
  }

  /** A function begins. */
  enter(): void {
    this.count = 0;
    this.open = undefined;
    this.dead = false;
    this.#fresh = false;
    this.#called = false;
    this.#arm = undefined;
  }

  /** The region of an index. */
  at(regionIndex: number): Region | undefined {
    return regionIndex < this.count ? this.#regions[regionIndex] : undefined;
  }

  /** Whether any region but the first charges, or any checks the counter. */
  get chargeLater(): boolean {
    for (let regionIndex = 0; regionIndex < this.count; regionIndex++) {
      const region = this.#regions[regionIndex];
      if (region === undefined) break;
      if (region.check || region.calleeCost > 0 || (regionIndex > 0 && region.cost > 0)) return true;
    }
    return false;
  }

  /**
   * Takes the function's frame off the stack budget where a region begins, and checks the budget.
   */
  takeFrame(regionIndex: number, slots: number): void {
    const region = this.at(regionIndex);
    if (region === undefined) return;
    region.check = true;
    region.frameSlots = slots;
  }

  /** Opens a region at an offset, for what comes after. */
  begin(at: number, check: boolean, reload: boolean): Region {
    // An arm that begins with this region does more than charge.
    if (this.#arm !== undefined) this.#arm.armsKnown = false;
    return this.#openRegion(at, check, reload);
  }

  /** Charges fuel for instructions that begin at an offset. */
  charge(at: number, fuel: number): void {
    if (this.open !== undefined) this.open.cost += fuel;
    else if (fuel > 0 && !this.dead) this.#openAt(at, fuel);
  }

  #openAt(at: number, fuel: number): void {
    const arm = this.#arm;
    const region = this.#openRegion(at, false, false);
    region.cost = fuel;
    if (arm === undefined) return;
    if (arm.firstArm === undefined) arm.firstArm = region;
    else arm.secondArm = region;
  }

  #openRegion(at: number, check: boolean, reload: boolean): Region {
    this.#arm = undefined;
    const regionIndex = this.count++;
    if (regionIndex === this.#regions.length) this.#regions.push(new Region());
    const region = this.#regions[regionIndex] ?? new Region();
    region.begin(check, reload);
    this.#edits.insert(at, this.#write, regionIndex);
    this.open = this.dead ? undefined : region;
    this.#fresh = check;
    this.#called = false;
    return region;
  }

  readonly #write: EditWriter = (sink, regionIndex) => {
    const region = this.at(regionIndex);
    if (region !== undefined) this.#charges.region(region, sink);
  };

  /** Makes sure that the counter is checked before the instruction at an offset. */
  notice(at: number): void {
    if (this.dead || this.#fresh) return;
    this.#fresh = true;
    const { open } = this;
    // The latest region can check, unless something was called since it began.
    const canLook = open !== undefined && !open.outside && !this.#called;
    if (canLook && open === this.#regions[this.count - 1]) open.check = true;
    else this.#edits.insert(at, this.#charges.check);
  }

  /**
   * Opens a region before a loop at an offset, so that the cost of the loop's head can be charged
   * there.
   */
  beforeLoop(at: number): void {
    if (!this.dead && this.open === undefined) this.begin(at, false, false);
  }

  /**
   * Charges the fuel that a callee leaves to its callers, for a call at an offset. The fuel of the
   * call instruction was charged before.
   *
   * Opens a new region if the sum exceeds a slice, so that the clock is still read often.
   */
  chargeCallee(at: number, fuel: number): void {
    if (this.open === undefined) return;
    if (this.open.calleeCost + fuel > LARGEST_SLICE) this.begin(at, true, false);
    this.open.calleeCost += fuel;
  }

  /** Whether the region that began with the function is still open. */
  get atEntry(): boolean {
    return this.open !== undefined && this.open === this.#regions[0];
  }

  /** A callee may have charged the counter, and the region continues after the call. */
  called(): void {
    this.#fresh = false;
    this.#called = true;
  }

  /** A loop opens with the instruction that ends at an offset. @param outside see `Region`. */
  openLoop(loop: Block, end: number, outside: boolean): void {
    loop.head = this.begin(end, true, false);
    loop.head.outside = outside;
    // Such a loop checks the counter before its head is charged.
    if (outside) this.#fresh = false;
  }

  /** An `if` opens. */
  openIf(block: Block): void {
    this.open = undefined;
    this.#arm = block;
  }

  /**
   * The other arm of an `if`, or a handler of a `try`, begins after the instruction that ends at an
   * offset.
   */
  arm(end: number, isHandler: boolean): void {
    const block = this.#blocks.innermost;
    this.dead = block.dead;
    this.open = undefined;
    // A check in the other arm does not count for this one.
    this.#fresh = false;
    block.targeted = true;
    // An arm that ended without a region costs nothing.
    if (this.#arm === block) block.armsKnown = false;
    this.#arm = isHandler ? undefined : block;
    if (isHandler) this.begin(end, false, true);
  }

  /**
   * A block has closed with the instruction that ends at an offset.
   *
   * @param block which was the innermost.
   */
  close(block: Block, end: number): void {
    const { innermost, depth } = this.#blocks;
    const { leavesFor, head } = block;
    if (leavesFor < innermost.leavesFor) innermost.leavesFor = leavesFor;
    // Only the last instruction of a loop leads to its end; branches to its label go to its head.
    this.dead = block.dead || (this.dead && (head !== undefined || !(block.targeted || block.catches)));
    if (this.#arm === block) this.#arm = undefined;
    if (block.armsKnown) chargeArmsBefore(block);
    if (head !== undefined) moveHead(head, block);
    else if (block.catches) this.begin(end, false, true);
    else if (block.targeted) {
      this.open = leavesFor < depth ? undefined : block.before;
      this.#fresh = false;
    }
  }

  /**
   * A branch to a label, counted from the innermost, 0.
   *
   * @param always whether it is taken whenever it is executed.
   */
  branch(label: number, always: boolean): void {
    // A branch in dead code makes no code reachable.
    if (this.dead) return;
    const block = this.#blocks.ofLabel(label);
    if (block !== undefined) {
      block.targeted = true;
      if (!always || this.open === undefined) block.backEdgesKnown = false;
      else if (block.backEdgesKnown) {
        // Such a region is never open again, so it is in one chain only.
        this.open.earlierBackEdge = block.backEdge;
        block.backEdge = this.open;
      }
    }
    const { innermost, depth } = this.#blocks;
    const target = depth - 1 - label;
    if (target < innermost.leavesFor) innermost.leavesFor = target;
  }

  /** Exceptions arrive at a label. */
  catchesAt(label: number): void {
    const block = this.#blocks.ofLabel(label);
    if (block === undefined || this.dead) return;
    block.catches = true;
    if (block.head === undefined) return;
    block.backEdgesKnown = false;
    block.head.reload = true;
  }

  /** The code after a branch that may not be taken is a region of its own. */
  split(): void {
    this.open = undefined;
  }

  /** The latest instruction never continues with the next one. */
  end(): void {
    this.open = undefined;
    this.dead = true;
  }

  /** The function may be left here: by a return, an exception or a call. */
  leavesFunction(): void {
    this.#blocks.innermost.leavesFor = LEAVES_FUNCTION;
  }
}

/**
 * Charges the head of a loop in the regions that lead to it: the one before the loop, and those
 * that end in a branch back. Each of them leads to the head exactly once. A turn of a loop that is
 * left at its head then takes one charge instead of two.
 */
function moveHead(head: Region, { before, backEdge, backEdgesKnown }: Block): void {
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

/** Charges what both arms of an `if` cost before it. One of them then begins without a charge. */
function chargeArmsBefore({ before, firstArm, secondArm }: Block): void {
  if (before === undefined || firstArm === undefined || secondArm === undefined) return;
  const common = Math.min(firstArm.cost, secondArm.cost);
  before.cost += common;
  firstArm.cost -= common;
  secondArm.cost -= common;
}
