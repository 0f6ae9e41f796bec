import type { Row } from './instruction.ts';

/** Table instructions (specification 5.4.4). `table.copy` names the table written to first. */
export const table: readonly Row[] = [
  ['referenceTypes', 0x25, 'table.get table.set', ['tableIndex']],
  ['bulkMemory', 0xfc000c, 'table.init', ['elementIndex', 'tableIndex'], { time: 'tableEntries' }],
  ['bulkMemory', 0xfc000d, 'elem.drop', ['elementIndex']],
  ['bulkMemory', 0xfc000e, 'table.copy', ['tableIndex', 'tableIndex'], { time: 'tableEntries' }],
  ['referenceTypes', 0xfc000f, 'table.grow', ['tableIndex'], { time: 'tableEntries', grows: 'tableEntries' }],
  ['referenceTypes', 0xfc0010, 'table.size', ['tableIndex']],
  ['referenceTypes', 0xfc0011, 'table.fill', ['tableIndex'], { time: 'tableEntries' }],
];
