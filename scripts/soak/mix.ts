import { BuildPluginError, buildPlugin, type Plugin } from '../../src/plugin/index.ts';
import { admit } from '../../src/protocol/admit.ts';
import { type SoakPlugin, soakPlugins } from './plugins.ts';

/** How long a soak lasts: until the first of these is reached. */
export interface SoakTask {
  readonly minutes: number;
  readonly dispatches: number;
  readonly admissions: number;
}

/** What a soak came to. */
export interface SoakCounts {
  dispatches: number;
  admissions: number;
  builds: number;
  /** Calls that the deadline ended. */
  slow: number;
  /** Missing answers, and failures other than the expected ones. */
  lost: number;
  /** Answers that carry the marker of another call. */
  crossed: number;
  readonly faults: string[];
}

/** Plugins that live at a time. */
const LIVE = 24;

/** Dispatches for each admission, and for each plugin that is let go and built anew. */
const DISPATCHES_PER_ADMISSION = 50;

/** This many dispatches run before the process does other work. */
const DISPATCHES_PER_TURN = 500;

/** At most one dispatch in this many is one that only the deadline ends. */
const DISPATCHES_PER_SLOW = 200;

/** A busy machine must not look like a slow plugin. */
const PATIENT = { handshake: { wallMs: 60_000 }, selfCheck: { wallMs: 60_000 } };

interface Live {
  readonly kind: SoakPlugin;
  readonly plugin: Plugin;
}

/** A soak: admissions and dispatches of all plugins, in one process. */
export class Soak {
  readonly counts: SoakCounts = { dispatches: 0, admissions: 0, builds: 0, slow: 0, lost: 0, crossed: 0, faults: [] };
  readonly #task: SoakTask;
  readonly #live: Live[] = [];
  readonly #fast = soakPlugins.filter(({ compiled, slow }) => compiled !== undefined && !slow);
  readonly #slow = soakPlugins.filter(({ slow }) => slow);
  readonly #end: number;
  #state = 12_345;

  constructor(task: SoakTask) {
    this.#task = task;
    this.#end = performance.now() + task.minutes * 60_000;
  }

  /** @param sample called now and then, between the turns. */
  async run(sample: () => void | Promise<void>): Promise<SoakCounts> {
    for (let at = 0; at < LIVE; at++) this.#renew(at);
    while (!this.#isOver) {
      for (let count = 0; count < DISPATCHES_PER_TURN && !this.#isOver; count++) this.#step();
      await sample();
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    for (const { plugin } of this.#live) plugin.dispose();
    return this.counts;
  }

  get #isOver(): boolean {
    const { dispatches, admissions } = this.#task;
    if (performance.now() >= this.#end) return true;
    return this.counts.dispatches >= dispatches && this.counts.admissions >= admissions;
  }

  #step(): void {
    const { counts } = this;
    if (counts.dispatches % DISPATCHES_PER_ADMISSION === 0) {
      this.#admit(this.#of(soakPlugins));
      this.#renew(this.#below(LIVE));
    }
    if (counts.dispatches % DISPATCHES_PER_SLOW === DISPATCHES_PER_SLOW - 1) this.#dispatchSlow();
    else this.#dispatch(this.#of(this.#live));
  }

  #dispatch({ kind, plugin }: Live): void {
    const marker = `m${this.counts.dispatches++}m`;
    const verdict = kind.dispatch(plugin, marker);
    if (verdict === 'right') return;
    this.counts[verdict]++;
    this.#fault(`${kind.name}: dispatch ${marker} is ${verdict}`);
  }

  /** Builds a plugin for one call. */
  #dispatchSlow(): void {
    const kind = this.#of(this.#slow);
    const plugin = this.#build(kind);
    if (plugin === undefined) return;
    this.#dispatch({ kind, plugin });
    plugin.dispose();
    this.counts.slow++;
  }

  #admit({ name, bytes, admission, slow }: SoakPlugin): void {
    const { admitted, layers } = admit(bytes, slow ? { handshake: { wallMs: 3 } } : PATIENT);
    this.counts.admissions++;
    const error = layers.find(({ status }) => status === 'failed')?.error;
    const found = admitted ? 'admitted' : (error?.kind ?? 'nothing');
    if (found === admission) return;
    this.counts.lost++;
    this.#fault(`${name}: its admission is ${found}: ${error?.message}`);
  }

  /** Lets go of one plugin, and builds another in its place. */
  #renew(at: number): void {
    this.#live[at]?.plugin.dispose();
    const kind = this.#of(this.#fast);
    const plugin = this.#build(kind);
    if (plugin !== undefined) this.#live[at] = { kind, plugin };
  }

  #build({ name, compiled, options }: SoakPlugin): Plugin | undefined {
    if (compiled === undefined) return undefined;
    try {
      this.counts.builds++;
      return buildPlugin(compiled, options);
    } catch (error) {
      if (!(error instanceof BuildPluginError)) throw error;
      this.counts.lost++;
      this.#fault(`${name}: it could not be built: ${error.message}`);
      return undefined;
    }
  }

  #fault(text: string): void {
    if (this.counts.faults.length < 20) this.counts.faults.push(text);
  }

  /** The same order of everything in each soak. */
  #below(count: number): number {
    this.#state = (Math.imul(this.#state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return (this.#state >>> 8) % count;
  }

  #of<T>(items: readonly T[]): T {
    const item = items[this.#below(items.length)];
    if (item === undefined) throw new RangeError('nothing to choose from');
    return item;
  }
}
