import type { Row } from './instruction.ts';

/** Parametric instructions (specification 5.4.1). */
export const parametric: readonly Row[] = [
  ['mvp', 0x00, 'unreachable nop', [], { fuel: 0 }],
  ['mvp', 0x1a, 'drop', [], { fuel: 0 }],
  ['mvp', 0x1b, 'select'],
  ['referenceTypes', 0x1c, 'select_t', ['valueTypes']],
];
