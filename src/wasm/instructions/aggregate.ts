import type { Row } from './instruction.ts';

/** Aggregate instructions: structs, arrays and what converts to and from references to them (specification 5.4.7). */
export const aggregate: readonly Row[] = [
  ['gc', 0xfb0000, 'struct.new struct.new_default', ['typeIndex'], { grows: 'struct' }],
  ['gc', 0xfb0002, 'struct.get struct.get_s struct.get_u struct.set', ['typeIndex', 'fieldIndex']],
  ['gc', 0xfb0006, 'array.new array.new_default', ['typeIndex'], { time: 'arrayElements', grows: 'arrayElements' }],
  ['gc', 0xfb0008, 'array.new_fixed', ['typeIndex', 'u32'], { grows: 'fixedArray' }],
  ['gc', 0xfb0009, 'array.new_data', ['typeIndex', 'dataIndex'], { time: 'arrayElements', grows: 'arrayElements' }],
  ['gc', 0xfb000a, 'array.new_elem', ['typeIndex', 'elementIndex'], { time: 'arrayElements', grows: 'arrayElements' }],
  ['gc', 0xfb000b, 'array.get array.get_s array.get_u array.set', ['typeIndex']],
  ['gc', 0xfb000f, 'array.len'],
  ['gc', 0xfb0010, 'array.fill', ['typeIndex'], { time: 'arrayElements' }],
  ['gc', 0xfb0011, 'array.copy', ['typeIndex', 'typeIndex'], { time: 'arrayElements' }],
  ['gc', 0xfb0012, 'array.init_data', ['typeIndex', 'dataIndex'], { time: 'arrayElements' }],
  ['gc', 0xfb0013, 'array.init_elem', ['typeIndex', 'elementIndex'], { time: 'arrayElements' }],
  ['gc', 0xfb001a, 'any.convert_extern extern.convert_any ref.i31 i31.get_s i31.get_u'],
];
