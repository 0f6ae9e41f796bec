import type { Row } from './instruction.ts';

/**
 * Control instructions about exceptions (specification 5.4.2), and those of the legacy form (exception-handling
 * proposal, legacy/Exceptions.md), which engines still run and compilers still emit.
 *
 * Wasmtime's list of instructions without a fuel cost has none of them, so `try_table` costs 1 where `block` costs nothing.
 * The legacy ones, which Wasmtime does not run, cost 1 by the same rule.
 */
export const exception: readonly Row[] = [
  ['legacyExceptions', 0x06, 'try', ['blockType']],
  ['legacyExceptions', 0x07, 'catch', ['tagIndex']],
  ['exceptions', 0x08, 'throw', ['tagIndex'], { grows: 'exception' }],
  ['legacyExceptions', 0x09, 'rethrow', ['labelIndex']],
  ['exceptions', 0x0a, 'throw_ref'],
  ['legacyExceptions', 0x18, 'delegate', ['labelIndex']],
  ['legacyExceptions', 0x19, 'catch_all'],
  ['exceptions', 0x1f, 'try_table', ['blockType', 'catchClauses']],
];
