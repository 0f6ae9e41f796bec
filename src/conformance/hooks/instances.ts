import { type HookInstance, type Instances, LentMemories } from '../../hooks/instances.ts';
import type { Budget } from '../../metering/index.ts';
import { PAGE_BYTES } from '../../wasm/encoding/pages.ts';

/** The bytes of a bulk operation that a meter counts as one unit of time. */
const BYTES_PER_UNIT = 64;

/** Passes on instances of another source, and measures what the latest call needed. */
export class MeasuredInstances implements Instances {
  readonly #source: Instances;
  #pages = 0;
  #movedBytes = 0;

  constructor(source: Instances) {
    this.#source = source;
  }

  /** The pages of 64 KiB that the plugin saw at the end of the latest call. */
  get pages(): number {
    return this.#pages;
  }

  /** The bytes that the latest call moved: its memory, which is made anew, and bulk operations. */
  get movedBytes(): number {
    return this.#movedBytes;
  }

  take(budget: Required<Budget>, requestBytes: number): HookInstance {
    this.#pages = 0;
    this.#movedBytes = 0;
    return this.#source.take(budget, requestBytes);
  }

  giveBack(instance: HookInstance): void {
    const memoryBytes = instance.memoryBytes();
    this.#pages = memoryBytes / PAGE_BYTES;
    this.#movedBytes = memoryBytes + instance.meter.timeUnits * BYTES_PER_UNIT;
    this.#source.giveBack(instance);
  }
}

/** Memories that end where the plugin sees their end, as in cc-lb: an access beyond it traps. */
export class ExactMemories implements Instances {
  readonly #source: Instances;

  constructor(...[compiled, limits]: ConstructorParameters<typeof LentMemories>) {
    // A request of no bytes has one page of room. This takes it back.
    this.#source = new LentMemories(compiled, limits, -1);
  }

  take(budget: Required<Budget>): HookInstance {
    return this.#source.take(budget, 0);
  }

  giveBack(instance: HookInstance): void {
    this.#source.giveBack(instance);
  }
}

/** One instance for all calls, as no host has it: what a plugin keeps from call to call shows. */
export class KeptInstance implements Instances {
  readonly #source: Instances;
  #kept: HookInstance | undefined;

  constructor(source: Instances) {
    this.#source = source;
  }

  take(budget: Required<Budget>, requestBytes: number): HookInstance {
    const kept = this.#kept;
    if (kept === undefined) {
      this.#kept = this.#source.take(budget, requestBytes);
      return this.#kept;
    }
    kept.meter.refuel();
    return { ...kept, start: () => {} };
  }

  giveBack(): void {
    // The next call takes it again.
  }
}
