import { type HookInstance, type Instances, LentMemories } from '../../hooks/instances.ts';
import type { Budget } from '../../metering/index.ts';
import { PAGE_BYTES } from '../../wasm/encoding/types.ts';

/** Instances of another source, and how much memory the latest call had in the end. */
export class MeasuredInstances implements Instances {
  readonly #source: Instances;
  #pages = 0;

  constructor(source: Instances) {
    this.#source = source;
  }

  /** The pages of 64 KiB that the plugin saw at the end of the latest call. */
  get pages(): number {
    return this.#pages;
  }

  take(budget: Required<Budget>, requestBytes: number): HookInstance {
    this.#pages = 0;
    return this.#source.take(budget, requestBytes);
  }

  giveBack(instance: HookInstance): void {
    this.#pages = instance.memoryBytes() / PAGE_BYTES;
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
