import type { Row } from './row.ts';

/** Parametric instructions (specification 5.4.1). */
export const parametric: readonly Row[] = [
  ['mvp', 0x00, 'unreachable', [0, 0, 'unreachable'], [], { fuel: 0, control: 'trap' }],
  ['mvp', 0x01, 'nop', [0, 0], [], { fuel: 0 }],
  ['mvp', 0x1a, 'drop', [1, 0], [], { fuel: 0 }],
  ['mvp', 0x1b, 'select', [3, 1]],
  ['referenceTypes', 0x1c, 'select_t', [3, 1], ['valueTypes']],
];

/** Control instructions (specification 5.4.2), without those of exceptions. */
export const control: readonly Row[] = [
  ['mvp', 0x02, 'block', [0, 0, 'block'], ['blockType'], { fuel: 0, control: 'block' }],
  ['mvp', 0x03, 'loop', [0, 0, 'block'], ['blockType'], { fuel: 0, control: 'loop' }],
  ['mvp', 0x04, 'if', [1, 0, 'block'], ['blockType'], { control: 'if' }],
  ['mvp', 0x05, 'else', [0, 0, 'blockParameters'], [], { fuel: 0, control: 'else' }],
  ['mvp', 0x0b, 'end', [0, 0, 'blockResults'], [], { fuel: 0, control: 'end' }],
  ['mvp', 0x0c, 'br', [0, 0, 'unreachable'], ['labelIndex'], { control: 'branch' }],
  ['mvp', 0x0d, 'br_if', [1, 0], ['labelIndex'], { control: 'conditional' }],
  ['mvp', 0x0e, 'br_table', [1, 0, 'unreachable'], ['labelTable'], { control: 'branch' }],
  ['mvp', 0x0f, 'return', [0, 0, 'unreachable'], [], { fuel: 0, control: 'return' }],
  ['mvp', 0x10, 'call', [0, 0, 'functionType'], ['functionIndex'], { calls: 'call', control: 'call' }],
  ['mvp', 0x11, 'call_indirect', [1, 0, 'typeIndex'], ['typeIndex', 'tableIndex'], { calls: 'call', control: 'call' }],
  ['tailCall', 0x12, 'return_call', [0, 0, 'unreachable'], ['functionIndex'], { calls: 'tailCall', control: 'return' }],
  [
    'tailCall',
    0x13,
    'return_call_indirect',
    [1, 0, 'unreachable'],
    ['typeIndex', 'tableIndex'],
    { calls: 'tailCall', control: 'return' },
  ],
  ['functionReferences', 0x14, 'call_ref', [1, 0, 'typeIndex'], ['typeIndex'], { calls: 'call', control: 'call' }],
  [
    'functionReferences',
    0x15,
    'return_call_ref',
    [1, 0, 'unreachable'],
    ['typeIndex'],
    { calls: 'tailCall', control: 'return' },
  ],
  ['functionReferences', 0xd5, 'br_on_null', [1, 1], ['labelIndex'], { control: 'conditional' }],
  ['functionReferences', 0xd6, 'br_on_non_null', [1, 0], ['labelIndex'], { control: 'conditional' }],
  [
    'gc',
    0xfb0018,
    'br_on_cast br_on_cast_fail',
    [1, 1],
    ['castFlags', 'labelIndex', 'heapType', 'heapType'],
    { control: 'conditional' },
  ],
];

/**
 * Control instructions of exceptions (specification 5.4.2), and those of the legacy form
 * (exception-handling proposal, legacy/Exceptions.md), which engines still run and compilers still
 * emit.
 *
 * Wasmtime's list of instructions without fuel cost has none of them. So `try_table` costs 1, while
 * `block` costs nothing. Wasmtime does not run the legacy ones; they cost 1 by the same rule.
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
