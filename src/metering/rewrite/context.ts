import type { BulkOperations } from './bulk-operations.ts';
import type { CalleeFacts } from './callee-facts.ts';
import type { ModuleSpaces } from './module-spaces.ts';
import type { Structure } from './structure.ts';
import type { Support } from './support.ts';

/** What is the same for all functions of a module. */
export interface MeteringContext {
  readonly spaces: ModuleSpaces;
  readonly support: Support;
  readonly structure: Structure;
  readonly bulk: BulkOperations;
  /** The index in the rewritten module of each function, by its index in the original. */
  readonly functionIndices: Uint32Array;
  /**
   * Whether nothing in the module catches exceptions. This is assumed first: see
   * {@link HandlerAssumptionBroken}.
   */
  readonly withoutHandlers: boolean;
  /** What is known of the imported functions, by their indices. */
  readonly importedCallees: readonly (CalleeFacts | undefined)[];
  /**
   * What is known of the module's own functions, by their indices; `undefined` as long as that is
   * being found out.
   */
  readonly ownCallees: readonly (CalleeFacts | undefined)[] | undefined;
}

/**
 * Thrown while a module is metered on the assumption that it neither throws nor catches exceptions,
 * if it does. It must then be metered again without the assumption.
 */
export class HandlerAssumptionBroken extends Error {}
