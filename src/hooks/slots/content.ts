import type { AdmitHooksOptions } from '../admit.ts';
import { settleLimits } from '../budget.ts';

/** What a slot was made from. */
export interface SlotContent {
  /** The module. Nobody else has these bytes, so nobody can change them. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The limits of the plugin, as text. */
  readonly limits: string;
}

/**
 * Makes the content of a slot.
 *
 * @param bytes a copy of the module.
 */
export function contentOf(bytes: Uint8Array<ArrayBuffer>, options: AdmitHooksOptions): SlotContent {
  // Infinity becomes null, which nothing else does.
  const limits = JSON.stringify([settleLimits(options), options.limits ?? {}]);
  return { bytes, limits };
}

/**
 * Whether two contents are equal: all bytes, and the limits, as in cc-lb's hash of a content. The
 * bytes are compared: a hash of both would take longer.
 */
export function isSameContent(one: SlotContent, other: SlotContent): boolean {
  if (one.limits !== other.limits || one.bytes.length !== other.bytes.length) return false;
  for (let index = 0; index < one.bytes.length; index++) if (one.bytes[index] !== other.bytes[index]) return false;
  return true;
}
