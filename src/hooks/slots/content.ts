import { areEqual } from '../../module-cache.ts';
import { type ModuleSource, unsharedBytes } from '../../module-source.ts';
import type { AdmitHooksOptions } from '../admit.ts';
import { settleLimits } from '../budget.ts';

/** What a slot was made from. */
export interface SlotContent {
  /** A module of the engine, or bytes that nobody else has, so that nobody can change them. */
  readonly source: ModuleSource;
  /** The limits of the plugin, as text. */
  readonly limits: string;
}

/**
 * Makes the content of a slot.
 *
 * @param source a module of the engine, or a copy of bytes in a buffer of its own.
 */
export function contentOf(source: ModuleSource, options: AdmitHooksOptions): SlotContent {
  // Infinity becomes null, which nothing else does.
  return { source, limits: JSON.stringify([settleLimits(options), options.limits ?? {}]) };
}

/**
 * Whether two contents are equal: the module, and the limits, as in cc-lb's hash of a content.
 * Bytes are compared one by one, which takes less time than a hash. A module of the engine equals
 * itself.
 */
export function isSameContent(one: SlotContent, other: SlotContent): boolean {
  if (one.limits !== other.limits) return false;
  const [bytes, others] = [unsharedBytes(one.source), unsharedBytes(other.source)];
  return bytes === undefined || others === undefined ? one.source === other.source : areEqual(bytes, others);
}
