import type { Row } from './instruction.ts';

/** Parametric instructions (specification 5.4.1). */
export const parametric: readonly Row[] = [
  ['mvp', 0x00, 'unreachable', [0, 0, 'unreachable'], [], { fuel: 0, control: 'trap' }],
  ['mvp', 0x01, 'nop', [0, 0], [], { fuel: 0 }],
  ['mvp', 0x1a, 'drop', [1, 0], [], { fuel: 0 }],
  ['mvp', 0x1b, 'select', [3, 1]],
  ['referenceTypes', 0x1c, 'select_t', [3, 1], ['valueTypes']],
];
