import type { Row } from './row.ts';

/** Reference instructions (specification 5.4.6). */
export const reference: readonly Row[] = [
  ['referenceTypes', 0xd0, 'ref.null', [0, 1], ['heapType']],
  ['referenceTypes', 0xd1, 'ref.is_null', [1, 1]],
  ['referenceTypes', 0xd2, 'ref.func', [0, 1], ['functionIndex'], { checks: true }],
  ['gc', 0xd3, 'ref.eq', [2, 1]],
  ['functionReferences', 0xd4, 'ref.as_non_null', [1, 1], [], { checks: true }],
  ['gc', 0xfb0014, 'ref.test ref.test_null ref.cast ref.cast_null', [1, 1], ['heapType'], { checks: true }],
];

/** Aggregate instructions: structs, arrays, and conversions of references (specification 5.4.7). */
export const aggregate: readonly Row[] = [
  ['gc', 0xfb0000, 'struct.new', [0, 1, 'structFields'], ['typeIndex'], { grows: 'struct' }],
  ['gc', 0xfb0001, 'struct.new_default', [0, 1], ['typeIndex'], { grows: 'struct' }],
  ['gc', 0xfb0002, 'struct.get struct.get_s struct.get_u', [1, 1], ['typeIndex', 'fieldIndex'], { checks: true }],
  ['gc', 0xfb0005, 'struct.set', [2, 0], ['typeIndex', 'fieldIndex'], { checks: true }],
  ['gc', 0xfb0006, 'array.new', [2, 1], ['typeIndex'], { time: 'arrayElements', grows: 'arrayElements' }],
  ['gc', 0xfb0007, 'array.new_default', [1, 1], ['typeIndex'], { time: 'arrayElements', grows: 'arrayElements' }],
  ['gc', 0xfb0008, 'array.new_fixed', [0, 1, 'count'], ['typeIndex', 'u32'], { grows: 'fixedArray' }],
  [
    'gc',
    0xfb0009,
    'array.new_data',
    [2, 1],
    ['typeIndex', 'dataIndex'],
    { time: 'arrayElements', grows: 'arrayElements' },
  ],
  [
    'gc',
    0xfb000a,
    'array.new_elem',
    [2, 1],
    ['typeIndex', 'elementIndex'],
    { time: 'arrayElements', grows: 'arrayElements' },
  ],
  ['gc', 0xfb000b, 'array.get array.get_s array.get_u', [2, 1], ['typeIndex'], { checks: true }],
  ['gc', 0xfb000e, 'array.set', [3, 0], ['typeIndex'], { checks: true }],
  ['gc', 0xfb000f, 'array.len', [1, 1]],
  ['gc', 0xfb0010, 'array.fill', [4, 0], ['typeIndex'], { time: 'arrayElements' }],
  ['gc', 0xfb0011, 'array.copy', [5, 0], ['typeIndex', 'typeIndex'], { time: 'arrayElements' }],
  ['gc', 0xfb0012, 'array.init_data', [4, 0], ['typeIndex', 'dataIndex'], { time: 'arrayElements' }],
  ['gc', 0xfb0013, 'array.init_elem', [4, 0], ['typeIndex', 'elementIndex'], { time: 'arrayElements' }],
  ['gc', 0xfb001a, 'any.convert_extern extern.convert_any ref.i31', [1, 1]],
  ['gc', 0xfb001d, 'i31.get_{s,u}', [1, 1], [], { checks: true }],
];
