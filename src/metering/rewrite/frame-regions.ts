import type { Block, OpenBlocks } from './open-blocks.ts';

/**
 * A stretch of a function's regions, by their places in the list of all: the first, and the one
 * after the last.
 */
interface RegionRange {
  readonly first: number;
  readonly end: number;
}

/** A call of one of the module's own functions, of which nothing is known yet. */
export interface OwnCall {
  readonly callee: number;
  /** Whether it is executed in any case when the function is entered. */
  readonly atEntry: boolean;
  /** Whether it is in an arm that ends in a trap. */
  readonly cold: boolean;
}

/** How code ends that does not continue with the next instruction. */
export type DeadEnd = 'trap' | 'jump';

/** Where a function takes its frame off the stack: regions by their places in the list of all. */
export interface FrameRegions {
  readonly taking: readonly number[];
  /** Where arms begin that end in a trap, and take the frame for themselves. */
  readonly cold: readonly number[];
}

/**
 * More regions than there can be. A small integer, as places are, so that engines keep both alike.
 */
const EVERY_REGION = 2 ** 30;

/** What decides where a function takes its frame. */
interface FrameConditions {
  /** Whether the frame may be taken at the entry only. */
  readonly onlyAtEntry: boolean;
  /** Whether the frame, with those of uncounted callees, is too large to stay uncounted. */
  readonly isDeep: boolean;
  /** How many regions the function has. */
  readonly regions: number;
}

const NO_REGIONS: FrameRegions = { taking: [], cold: [] };
const AT_ENTRY: FrameRegions = { taking: [0], cold: [] };

/**
 * One of the ways through an `if`, or the function's body: control comes in at its beginning only.
 */
class Arm {
  /** The block that it is in, by how many are open around it. */
  block = 0;
  /** Whether it can be executed more than once. */
  inLoop = false;
  /** The region that it begins with: the first that begins in it. */
  firstRegion = 0;
  firstCall = 0;
  /**
   * How many regions were taking the frame, and how many of arms that end in a trap, when it began.
   */
  firstTaking = 0;
  firstCold = 0;
  depthWasSet = false;
  /** Whether it has calls that no arm in it takes the frame for. */
  calls = false;
  /**
   * Arms in it that can take the frame for their own calls, and that control goes on after: the
   * first, and how many.
   */
  taker: RegionRange | undefined = undefined;
  takers = 0;
  /** Whether a branch goes from it to elsewhere in the function. */
  leaves = false;
}

/**
 * Finds where a function takes its frame off the stack: in regions that control passes once on
 * every way to a call, so that ways without a call do not pay for it. That is the function's entry,
 * or the beginning of an arm of an `if` that all calls are in. An arm that control does not come
 * out of, such as one that ends in `unreachable`, takes the frame for itself.
 */
export class FramePlaces {
  readonly #blocks: OpenBlocks;
  /** The open arms, from the function's body to the innermost; those that are closed follow. */
  readonly #arms: Arm[] = [];
  #depth = 0;
  /** How many of the open blocks are loops. */
  #loops = 0;
  readonly #taking: number[] = [];
  readonly #cold: number[] = [];
  #ownCalls: OwnCall[] = [];
  /** Whether a call that comes now finds the depth as this frame set it. */
  depthIsSet = true;

  constructor(blocks: OpenBlocks) {
    this.#blocks = blocks;
  }

  /** A function begins, and its body has been opened. */
  begin(): void {
    this.#depth = 0;
    this.#loops = 0;
    this.#taking.length = 0;
    this.#cold.length = 0;
    this.#ownCalls = [];
    this.depthIsSet = true;
    this.#begin(0);
  }

  /** The calls of the module's own functions so far. */
  get ownCalls(): readonly OwnCall[] {
    return this.#ownCalls;
  }

  /**
   * Something may leave another depth behind: a callee, an exception, an exit that is not taken.
   */
  depthChanges(): void {
    this.depthIsSet = false;
  }

  /** A loop has opened. */
  openLoop(): void {
    this.#loops++;
    // What comes later in the loop is executed before what comes now, from the second turn on.
    this.depthIsSet = false;
  }

  /** An `if` has opened. @param nextRegion the place that the next region will have. */
  openIf(nextRegion: number): void {
    this.#begin(nextRegion);
  }

  /**
   * The other arm of an `if` begins.
   *
   * @param deadEnd how the first ends, if its end is not reached.
   */
  otherArm(deadEnd: DeadEnd | undefined, nextRegion: number): void {
    if (this.#blocks.innermost.kind !== 'if') return;
    this.#close(deadEnd, nextRegion);
    this.#begin(nextRegion);
  }

  /**
   * A block ends.
   *
   * @param deadEnd how its code ends, if its end is not reached.
   */
  end({ kind }: Block, deadEnd: DeadEnd | undefined, nextRegion: number): void {
    if (kind === 'loop') this.#loops--;
    if (kind === 'if') this.#close(deadEnd, nextRegion);
  }

  /**
   * A branch to a block, by how many are open around it; 0 is the function's body, and leaves it.
   */
  branch(target: number): void {
    if (target === 0) return;
    for (let at = this.#depth - 1; at >= 0; at--) {
      const arm = this.#arms[at];
      if (arm === undefined || arm.block < target) return;
      arm.leaves = true;
    }
  }

  /** The instruction that comes now is a call that the frame must have been taken for. */
  call(): void {
    const arm = this.#arms[this.#depth - 1];
    if (arm !== undefined) arm.calls = true;
  }

  /**
   * The instruction that comes now is a call of one of the module's own functions, of which nothing
   * is known yet.
   */
  ownCall(callee: number, atEntry: boolean): void {
    this.#ownCalls.push({ callee, atEntry, cold: false });
  }

  /** For a function that has been gone through. */
  get regions(): FrameRegions {
    const body = this.#arms[this.#depth - 1];
    const taker = body === undefined ? undefined : takerOf(body, EVERY_REGION);
    if (this.#taking.length + this.#cold.length === 0) {
      return taker === undefined ? NO_REGIONS : { taking: [taker.first], cold: [] };
    }
    const apart = (region: number): boolean => taker === undefined || !contains(taker, region);
    const taking = this.#taking.filter(apart);
    return { taking: taker === undefined ? taking : [taker.first, ...taking], cold: this.#cold.filter(apart) };
  }

  #begin(firstRegion: number): void {
    if (this.#depth === this.#arms.length) this.#arms.push(new Arm());
    const arm = this.#arms[this.#depth++] ?? new Arm();
    arm.block = this.#blocks.depth - 1;
    arm.inLoop = this.#loops > 0;
    arm.firstRegion = firstRegion;
    arm.firstCall = this.#ownCalls.length;
    arm.firstTaking = this.#taking.length;
    arm.firstCold = this.#cold.length;
    arm.depthWasSet = this.depthIsSet;
    arm.calls = false;
    arm.taker = undefined;
    arm.takers = 0;
    arm.leaves = false;
  }

  /** Where the function takes its frame. */
  choose({ onlyAtEntry, isDeep, regions: count }: FrameConditions): FrameRegions {
    const { regions } = this;
    if (regions.taking.length > 0 ? onlyAtEntry : isDeep) return AT_ENTRY;
    if (regions.taking.length + regions.cold.length === 0) return regions;
    // An arm without charges has no region.
    const exists = (regionIndex: number): boolean => regionIndex < count;
    return { taking: regions.taking.filter(exists), cold: regions.cold.filter(exists) };
  }

  #close(deadEnd: DeadEnd | undefined, nextRegion: number): void {
    const arm = this.#arms[this.#depth - 1];
    const parent = this.#arms[this.#depth - 2];
    if (arm === undefined || parent === undefined) return;
    this.#depth--;
    const comesBack = deadEnd === undefined || arm.leaves;
    const cold = deadEnd === 'trap' && !comesBack;
    if (cold) {
      for (let at = arm.firstCall; at < this.#ownCalls.length; at++) {
        const call = this.#ownCalls[at];
        if (call !== undefined) this.#ownCalls[at] = { ...call, cold };
      }
    }
    const taker = takerOf(arm, nextRegion);
    if (taker === undefined) return;
    if (comesBack) {
      if (arm.inLoop) parent.calls = true;
      else {
        parent.taker ??= taker;
        parent.takers++;
      }
      return;
    }
    this.depthIsSet = arm.depthWasSet;
    removeFrom(this.#cold, arm.firstCold, taker);
    if (!cold) {
      removeFrom(this.#taking, arm.firstTaking, taker);
      this.#taking.push(taker.first);
    }
    // What took the frame in an arm that ends in a trap takes it still; more than once does no harm
    // there.
    else this.#cold.push(taker.first);
  }
}

/**
 * Removes the regions of a range. Those that came before the arm that the range is of are not
 * looked at: there may be many such arms, one after the other.
 */
function removeFrom(regions: number[], from: number, range: RegionRange): void {
  for (const region of regions.splice(from)) if (!contains(range, region)) regions.push(region);
}

/**
 * Where an arm takes the frame for all calls in it that control can come out of; `undefined` if
 * it has no such call.
 */
function takerOf({ calls, taker, takers, firstRegion }: Arm, end: number): RegionRange | undefined {
  return calls || takers > 1 ? { first: firstRegion, end } : taker;
}

function contains({ first, end }: RegionRange, region: number): boolean {
  return first <= region && region < end;
}
