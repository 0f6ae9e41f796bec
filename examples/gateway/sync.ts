import type { PluginHost, PluginRunner, RestoredPlugin } from 'cc-lb-runtime-protocol/host';
import type { SharedRecords, Subscription } from './store/store.ts';

/** How long a change that failed for a reason that may pass is left alone. */
const RETRY_MS = 250;

/** What a host has to have for this: any host of plugins. */
type Host = Pick<PluginHost<PluginRunner>, 'restore' | 'refresh'>;

/** Who hears how it goes. */
export interface SyncOptions {
  /** Receives what became of each record that was read, at the start and later. */
  readonly onOutcome: (outcome: RestoredPlugin) => void;
  /** Receives errors that no record is to blame for, such as one of the telemetry. */
  readonly onError: (error: unknown) => void;
}

/** How far a gateway has followed its store. */
export interface SyncState {
  /** The number of the last change that it heard of. */
  readonly revision: number;
  /** How long ago the store last said that there is nothing newer, in milliseconds. */
  readonly behindMs: number;
  /** The records that could not be taken over. What served before them goes on. */
  readonly failed: readonly { readonly id: string; readonly reason: string }[];
}

/** Keeps the plugins of a host equal to records that other processes change too. */
export class PluginSync {
  readonly #host: Host;
  readonly #options: SyncOptions;
  readonly #failed = new Map<string, string>();
  /** The records that are being taken over, and those of them that changed again meanwhile. */
  readonly #running = new Set<string>();
  readonly #again = new Set<string>();
  #subscription: Subscription | undefined;
  #isClosed = false;

  private constructor(host: Host, options: SyncOptions) {
    this.#host = host;
    this.#options = options;
  }

  /**
   * Starts the plugins that the store has, and follows its changes from then on.
   *
   * @returns a promise that resolves when each record was read once.
   * @throws Error in the promise: if the store cannot be read.
   */
  static async start(host: Host, records: SharedRecords, options: SyncOptions): Promise<PluginSync> {
    const sync = new PluginSync(host, options);
    // First, so that no change falls between the two. The host puts them in order.
    sync.#subscription = await records.subscribe((ids) => sync.#hear(ids));
    try {
      for (const outcome of await host.restore()) {
        if (sync.#settle(outcome)) sync.#hear([outcome.id]);
      }
    } catch (error) {
      await sync.close();
      throw error;
    }
    return sync;
  }

  get state(): SyncState {
    const { revision = 0, behindMs = Number.POSITIVE_INFINITY } = this.#subscription ?? {};
    return { revision, behindMs, failed: Array.from(this.#failed, ([id, reason]) => ({ id, reason })) };
  }

  /** Follows no more. The plugins go on. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#subscription?.close();
  }

  #hear(ids: readonly string[]): void {
    for (const id of ids) {
      if (this.#running.has(id)) this.#again.add(id);
      else this.#follow(id).catch(this.#options.onError);
    }
  }

  /** Reads a record until nothing of it has changed while it was read. */
  async #follow(id: string): Promise<void> {
    this.#running.add(id);
    try {
      do {
        this.#again.delete(id);
        if (this.#settle(await this.#host.refresh(id))) {
          this.#again.add(id);
          await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
        }
      } while (this.#again.has(id) && !this.#isClosed);
    } finally {
      this.#running.delete(id);
      this.#again.delete(id);
    }
  }

  /** @returns whether the record should be read again soon. */
  #settle(outcome: RestoredPlugin): boolean {
    const reason = reasonOf(outcome);
    if (reason === undefined) this.#failed.delete(outcome.id);
    else this.#failed.set(outcome.id, reason);
    this.#options.onOutcome(outcome);
    if (outcome.kind !== 'failed') return false;
    const { kind } = outcome.error.failure;
    return kind === 'StoreFailed' || kind === 'StartupBudget';
  }
}

function reasonOf(outcome: RestoredPlugin): string | undefined {
  if (outcome.kind === 'failed') return outcome.error.message;
  return outcome.kind === 'rejected' ? `it was not admitted again (${outcome.need.kind})` : undefined;
}
