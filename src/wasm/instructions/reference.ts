import type { Row } from './instruction.ts';

/** Reference instructions (specification 5.4.6). */
export const reference: readonly Row[] = [
  ['referenceTypes', 0xd0, 'ref.null', ['heapType']],
  ['referenceTypes', 0xd1, 'ref.is_null'],
  ['referenceTypes', 0xd2, 'ref.func', ['functionIndex']],
  ['gc', 0xd3, 'ref.eq'],
  ['functionReferences', 0xd4, 'ref.as_non_null'],
  ['gc', 0xfb0014, 'ref.test ref.test_null ref.cast ref.cast_null', ['heapType']],
];
