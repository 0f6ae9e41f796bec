import { checkedKey, type HookSlotId, type HookSlotKey } from '../hooks/slots/slot.ts';
import { checkArgument } from '../option-rules.ts';

/**
 * Which plugin: there is one for each principal and name. The principal is `__global__` by default.
 */
export type PluginKey = HookSlotKey;

/** The key of a plugin, with its principal. */
export type PluginId = HookSlotId;

/** The most characters of a principal or a name: both come with each log line and metric. */
export const KEY_CHARACTERS_MAX = 1_024;

/** What stands for half a character. UTF-8 has no bytes for it, so no record can hold it. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Checks a key.
 *
 * @returns it with its principal, and without other properties.
 * @throws TypeError if it is malformed.
 */
export function pluginIdOf(key: PluginKey): PluginId {
  const id = checkedKey(key);
  for (const [part, value] of Object.entries(id)) {
    const max = KEY_CHARACTERS_MAX;
    checkArgument(`key.${part}`, value.length <= max, `at most ${max} characters, but has ${value.length}`);
    checkArgument(`key.${part}`, !LONE_SURROGATE.test(value), 'Unicode text, but has a lone surrogate');
  }
  return id;
}

/**
 * Writes a key as one text: the `plugin_id` of records. As JSON, `a/b` with `c` differs from `a`
 * with `b/c`.
 */
export function idOf({ principal, name }: PluginId): string {
  return JSON.stringify([principal, name]);
}
