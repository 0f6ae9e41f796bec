import { checkArgument, isObject } from '../../option-rules.ts';
import type { HookSlotKind } from '../hook.ts';
import type { HookPlugin } from '../plugin.ts';

/** Which slot: there is one for each principal and plugin name. */
export interface HookSlotKey {
  /** Whose plugin it is: {@link GLOBAL_PRINCIPAL} by default. */
  readonly principal?: string | undefined;
  /** The name that the host gives the plugin. */
  readonly name: string;
}

/** The key of a slot with its principal. */
export interface HookSlotId {
  readonly principal: string;
  readonly name: string;
}

/**
 * What a slot has at one moment. Who keeps it keeps this plugin, even if another one is registered
 * or the slot is removed.
 */
export interface HookSlot extends HookSlotId {
  readonly kind: HookSlotKind;
  readonly plugin: HookPlugin;
  /** Whether a host should call `plugin.transformResponse`. */
  readonly hasResponseTransform: boolean;
  /** Whether a host should call `plugin.transformSseEvent`. */
  readonly hasSseEventTransform: boolean;
}

/** The principal of a plugin that is for all. */
export const GLOBAL_PRINCIPAL = '__global__';

/**
 * Checks a key.
 *
 * @returns it with its principal, and without other properties.
 * @throws TypeError if it is malformed.
 */
export function checkedKey(key: HookSlotKey): HookSlotId {
  checkArgument('key', isObject(key), 'an object with a name, and perhaps a principal');
  const { principal = GLOBAL_PRINCIPAL, name } = key;
  for (const [part, value] of Object.entries({ principal, name }))
    checkArgument(`key.${part}`, typeof value === 'string' && value !== '', 'a string that is not empty');
  return { principal, name };
}

/** Makes the value of a slot. It is frozen, since several callers get the same one. */
export function slotOf(id: HookSlotId, kind: HookSlotKind, plugin: HookPlugin): HookSlot {
  return Object.freeze({
    ...id,
    kind,
    plugin,
    hasResponseTransform: plugin.isActive('transform_response'),
    hasSseEventTransform: plugin.isActive('transform_sse_event'),
  });
}
