import { type HookInstance, type Instances, LentMemories } from '../../hooks/instances.ts';
import type { Budget } from '../../metering/index.ts';

const PAGE_BYTES = 65_536;

/** Where a host takes instances from, and how much memory the latest call had in the end. */
export class MeasuredInstances implements Instances {
  readonly #source: Instances;
  #pages = 0;

  constructor(...source: ConstructorParameters<typeof LentMemories>) {
    this.#source = new LentMemories(...source);
  }

  /** The pages of 64 KiB that the plugin saw at the end of the latest call. */
  get pages(): number {
    return this.#pages;
  }

  take(budget: Required<Budget>): HookInstance {
    this.#pages = 0;
    return this.#source.take(budget);
  }

  giveBack(instance: HookInstance): void {
    this.#pages = instance.memoryBytes() / PAGE_BYTES;
    this.#source.giveBack(instance);
  }
}

/** One instance for all calls, as no host has it: what a plugin keeps from call to call shows. */
export class KeptInstance implements Instances {
  readonly #source: Instances;
  #kept: HookInstance | undefined;

  constructor(...source: ConstructorParameters<typeof LentMemories>) {
    this.#source = new LentMemories(...source);
  }

  take(budget: Required<Budget>): HookInstance {
    const kept = this.#kept;
    if (kept === undefined) {
      this.#kept = this.#source.take(budget);
      return this.#kept;
    }
    kept.meter.refuel();
    return { ...kept, start: () => {} };
  }

  giveBack(): void {
    // The next call takes it again.
  }
}
