import type { ByteSink, EditWriter } from '../../wasm/index.ts';

/**
 * A part of a function whose instructions are executed together: when its first one is, all of them are, once each, unless a trap ends the
 * call. Its fuel is charged in one step, where it begins.
 */
export class Region {
  /** Fuel of its instructions. */
  cost = 0;
  /** Fuel that callees leave to their callers. */
  calleeCost = 0;
  /** Whether exhaustion is noticed here. */
  check = false;
  /** Whether another function may have changed the counter since it was last looked at. */
  reload = false;
  /** Slots that are taken off the stack here, for the function's frame. */
  frameSlots = 0;
  /** Whether exhaustion is dealt with outside of the loop whose head this is. */
  outside = false;
  /** Of those that end in a branch back to the head of one loop: the one before. */
  earlierBackEdge: Region | undefined = undefined;

  /** Begins as another region: there are so many, and one function after the other has them, that they are used again. */
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

/** Writes what is charged and looked at in the places that regions choose. */
export interface RegionWriter {
  /** Where a region begins. */
  region(region: Region, sink: ByteSink): void;
  /** Where exhaustion is noticed, and nothing charged. */
  readonly check: EditWriter;
}
