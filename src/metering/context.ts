import type { BulkOperations } from './bulk-operations.ts';
import type { CompileWork } from './compile-work.ts';
import type { CallFuel, KnownCallee } from './known-callee.ts';
import type { ModuleSpaces } from './module-spaces.ts';
import type { Support } from './support.ts';

/** What is the same for all functions of a module. */
export interface MeteringContext {
  readonly spaces: ModuleSpaces;
  readonly support: Support;
  readonly work: CompileWork;
  readonly bulk: BulkOperations;
  /** Whether nothing in the module catches exceptions. It is taken for granted first; see `HandlerFound`. */
  readonly withoutHandlers: boolean;
  /** What calls of an imported function are known to cost, by its index; `undefined` for any other function. */
  readonly importFuel: (functionIndex: number) => CallFuel | undefined;
  /** What is known of the module's own functions; `undefined` as long as that is being found out. */
  readonly ownCallee: ((functionIndex: number) => KnownCallee | undefined) | undefined;
}
