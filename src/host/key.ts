import type { HookSlotId, HookSlotKey } from '../hooks/slots/slot.ts';

/**
 * Which plugin: there is one for each principal and name. The principal is `__global__` by default.
 */
export type PluginKey = HookSlotKey;

/** The key of a plugin, with its principal. */
export type PluginId = HookSlotId;

/**
 * Writes a key as one text: the `plugin_id` of records. As JSON, `a/b` with `c` differs from `a`
 * with `b/c`.
 */
export function idOf({ principal, name }: PluginId): string {
  return JSON.stringify([principal, name]);
}
