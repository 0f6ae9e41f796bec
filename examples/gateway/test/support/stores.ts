import { openStore } from '../../store/open.ts';
import type { PluginStore, Subscription } from '../../store/store.ts';

/** Opens a store whose subscription must not fail. */
export async function storeAt(address: string): Promise<PluginStore> {
  return await openStore(address, {
    onError: (error) => {
      throw error;
    },
  });
}

/** A subscription that keeps what it was reported. */
export interface Listened {
  /** The ids that were told, once each, in the order of the first time. */
  readonly ids: Set<string>;
  readonly subscription: Subscription;
}

export async function listenTo({ records }: PluginStore): Promise<Listened> {
  const ids = new Set<string>();
  const subscription = await records.subscribe((changed) => {
    for (const id of changed) ids.add(id);
  });
  return { ids, subscription };
}

/**
 * Waits until something holds.
 *
 * @throws Error in the promise if it takes longer than `ms`.
 */
export async function until(what: string, ms: number, holds: () => boolean | Promise<boolean>): Promise<void> {
  const endsAt = performance.now() + ms;
  while (!(await holds())) {
    if (performance.now() > endsAt) throw new Error(`after ${ms} ms it does not hold: ${what}`);
    await pause(5);
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
