import type { Row } from './instruction.ts';

/** Reference instructions (specification 5.4.6). */
export const reference: readonly Row[] = [
  ['referenceTypes', 0xd0, 'ref.null', [0, 1], ['heapType']],
  ['referenceTypes', 0xd1, 'ref.is_null', [1, 1]],
  ['referenceTypes', 0xd2, 'ref.func', [0, 1], ['functionIndex']],
  ['gc', 0xd3, 'ref.eq', [2, 1]],
  ['functionReferences', 0xd4, 'ref.as_non_null', [1, 1]],
  ['gc', 0xfb0014, 'ref.test ref.test_null ref.cast ref.cast_null', [1, 1], ['heapType']],
];
