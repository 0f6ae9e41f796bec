import type { ByteSink, EditWriter } from '../../wasm/index.ts';

/**
 * A part of a function whose instructions are all executed once if the first one is, unless a trap
 * ends the call. Its fuel is charged in one step, where it begins.
 */
export class Region {
  /** Fuel of its instructions. */
  cost = 0;
  /** Fuel that callees leave to their callers. */
  calleeCost = 0;
  /** Whether the counter is checked here. */
  check = false;
  /** Whether another function may have changed the counter since it was last read. */
  reload = false;
  /** Slots that are taken off the stack here, for the function's frame. */
  frameSlots = 0;
  /** Whether this is the head of a loop whose counter is refilled outside of it. */
  outside = false;
  /** Of the regions that end in a branch back to the head of one loop: the one before this. */
  earlierBackEdge: Region | undefined = undefined;

  /** Resets a pooled region for reuse; allocating one per region was measurable. */
  begin(check: boolean, reload: boolean): void {
    this.cost = 0;
    this.calleeCost = 0;
    this.check = check;
    this.reload = reload;
    this.frameSlots = 0;
    this.outside = false;
    this.earlierBackEdge = undefined;
  }
}

/** Writes the charges and checks where regions want them. */
export interface RegionWriter {
  /** Where a region begins. */
  region(region: Region, sink: ByteSink): void;
  /** A check of the counter without a charge. */
  readonly check: EditWriter;
}
