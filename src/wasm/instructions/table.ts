import type { Row } from './instruction.ts';

/** Table instructions (specification 5.4.4). `table.copy` names the table written to first. */
export const table: readonly Row[] = [
  ['referenceTypes', 0x25, 'table.get', [1, 1], ['tableIndex']],
  ['referenceTypes', 0x26, 'table.set', [2, 0], ['tableIndex']],
  ['bulkMemory', 0xfc000c, 'table.init', [3, 0], ['elementIndex', 'tableIndex'], { time: 'tableEntries' }],
  ['bulkMemory', 0xfc000d, 'elem.drop', [0, 0], ['elementIndex']],
  ['bulkMemory', 0xfc000e, 'table.copy', [3, 0], ['tableIndex', 'tableIndex'], { time: 'tableEntries' }],
  ['referenceTypes', 0xfc000f, 'table.grow', [2, 1], ['tableIndex'], { time: 'tableEntries', grows: 'tableEntries' }],
  ['referenceTypes', 0xfc0010, 'table.size', [0, 1], ['tableIndex']],
  ['referenceTypes', 0xfc0011, 'table.fill', [3, 0], ['tableIndex'], { time: 'tableEntries' }],
];
