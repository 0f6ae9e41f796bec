import type { UsedResult } from '../../call-use.ts';
import type { AugmentedMetadata } from '../../protocol/messages/index.ts';
import type { CallOptions, PluginModule } from '../engine.ts';
import { PluginHostError } from '../host-error.ts';
import { errorOf } from './carried-error.ts';
import type { RemotePlace } from './place.ts';
import type { RemoteSession } from './session.ts';

/** How long the work of a remote may take, and how much of it may wait. */
export interface RemoteBounds {
  /** Milliseconds of a call as a whole, with waiting. */
  readonly callMs: number;
  /** Milliseconds of an admission, or of a start. */
  readonly startMs: number;
  /** How many calls may wait for each remote. */
  readonly waitingCallsMax: number;
}

/** An instance of a plugin: its number in the remotes of its place. */
export interface RemoteInstance {
  readonly number: number;
  readonly place: RemotePlace;
}

const NO_BYTES = new Uint8Array();

/**
 * A plugin that runs in remotes. A remote that has none of it yet starts it before its first call.
 */
export class RemotePlugin {
  readonly #instances: readonly RemoteInstance[];
  readonly #metadata: AugmentedMetadata | undefined;
  readonly #bounds: RemoteBounds;
  #module: PluginModule;

  /**
   * @param instances where it runs.
   * @param compiled what an admission compiled, if it is at hand.
   * @param metadata of a plugin of generation 1; `undefined` for one of the hook ABI.
   */
  constructor(
    instances: readonly RemoteInstance[],
    module: PluginModule,
    compiled: WebAssembly.Module | undefined,
    metadata: AugmentedMetadata | undefined,
    bounds: RemoteBounds,
  ) {
    this.#instances = instances;
    this.#module = withoutBytes(module, compiled);
    this.#metadata = metadata;
    this.#bounds = bounds;
  }

  /** Which plugin it is. */
  get id(): PluginModule['id'] {
    return this.#module.id;
  }

  /** How many instances it has at most. */
  get count(): number {
    return this.#instances.length;
  }

  /**
   * Starts the first instance.
   *
   * @throws in the promise: what {@link RemotePlace.run} throws; PluginHostError `CannotStart` or
   * `HostModuleFailed`.
   */
  async start(builds: boolean): Promise<void> {
    const [instance] = this.#instances;
    if (instance === undefined) return;
    const run = (session: RemoteSession): Promise<void> => this.#start(session, instance.number, builds);
    await instance.place.run({ run }, { deadlineMs: this.#bounds.startMs });
  }

  /**
   * Calls the plugin.
   *
   * @param index of the instance; without it the one whose place has least to do.
   * @returns a promise of its answer, or of what the call threw.
   * @throws in the promise: what {@link RemotePlace.run} throws; PluginHostError if the plugin
   * cannot be started.
   */
  async call(
    name: string,
    request: Uint8Array,
    index: number | undefined,
    { signal }: CallOptions,
  ): Promise<UsedResult<Uint8Array<ArrayBuffer>>> {
    const instance = index === undefined ? this.#leastBusy() : this.#instances[index];
    if (instance === undefined) throw new Error(`a plugin has no instance ${index}`);
    const { number: plugin, place } = instance;
    const { callMs: deadlineMs, waitingCallsMax: waitingMax } = this.#bounds;
    const result = await place.run(
      {
        prepare: async (session) => {
          if (!session.started.has(plugin)) await this.#start(session, plugin, false);
        },
        run: (session) => session.tell({ kind: 'call', plugin, function: name, request }),
      },
      { deadlineMs, signal, waitingMax },
    );
    if (result.kind === 'answered') return { ok: true, value: result.answer, used: result.used };
    if (result.kind !== 'failed') return { ok: false, error: new Error(`a call was answered by ${result.kind}`) };
    const error = errorOf(result.error);
    if (error instanceof PluginHostError) throw error;
    return { ok: false, error, used: result.used };
  }

  /** Releases it in all remotes that have it. */
  async dispose(): Promise<void> {
    const disposals = this.#instances.map(async ({ number: plugin, place }) => {
      const { session, load } = place;
      // What runs or waits there may be its start, for a call that nobody waits for any more.
      if (session === undefined || (load === 0 && !session.started.has(plugin))) return;
      await place.run(
        {
          run: async (session) => {
            if (session.started.delete(plugin)) await session.ask({ kind: 'dispose', plugin });
          },
        },
        { deadlineMs: this.#bounds.startMs },
      );
    });
    // A remote that ended has released it.
    await Promise.allSettled(disposals);
  }

  #leastBusy(): RemoteInstance | undefined {
    let best: RemoteInstance | undefined;
    for (const instance of this.#instances)
      if (best === undefined || instance.place.load < best.place.load) best = instance;
    return best;
  }

  async #start(session: RemoteSession, plugin: number, builds: boolean): Promise<void> {
    const { compiled } = await session.ask({
      kind: 'start',
      plugin,
      module: this.#module,
      metadata: this.#metadata,
      builds,
    });
    session.started.add(plugin);
    this.#module = withoutBytes(this.#module, compiled);
  }
}

/** If a module is compiled, it is sent so, and its bytes are not needed. */
function withoutBytes(module: PluginModule, compiled: WebAssembly.Module | undefined): PluginModule {
  return compiled === undefined ? module : { ...module, bytes: NO_BYTES, compiled };
}
