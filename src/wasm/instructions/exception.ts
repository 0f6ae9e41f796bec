import type { Row } from './instruction.ts';

/**
 * Control instructions about exceptions (specification 5.4.2), and those of the legacy form (exception-handling
 * proposal, legacy/Exceptions.md), which engines still run and compilers still emit.
 *
 * Wasmtime's list of instructions without a fuel cost has none of them, so `try_table` costs 1 where `block` costs nothing.
 * The legacy ones, which Wasmtime does not run, cost 1 by the same rule.
 */
export const exception: readonly Row[] = [
  ['legacyExceptions', 0x06, 'try', [0, 0, 'block'], ['blockType'], { control: 'block' }],
  ['legacyExceptions', 0x07, 'catch', [0, 0, 'tagParameters'], ['tagIndex'], { control: 'catch' }],
  ['exceptions', 0x08, 'throw', [0, 0, 'unreachable'], ['tagIndex'], { grows: 'exception', control: 'throw' }],
  ['legacyExceptions', 0x09, 'rethrow', [0, 0, 'unreachable'], ['labelIndex'], { control: 'throw' }],
  ['exceptions', 0x0a, 'throw_ref', [1, 0, 'unreachable'], [], { control: 'throw' }],
  ['legacyExceptions', 0x18, 'delegate', [0, 0, 'blockResults'], ['labelIndex'], { control: 'end' }],
  ['legacyExceptions', 0x19, 'catch_all', [0, 0, 'base'], [], { control: 'catch' }],
  ['exceptions', 0x1f, 'try_table', [0, 0, 'block'], ['blockType', 'catchClauses'], { control: 'block' }],
];
