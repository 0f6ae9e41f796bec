import type { Row } from './row.ts';

/** Variable instructions (specification 5.4.3). */
export const variable: readonly Row[] = [
  ['mvp', 0x20, 'local.get', [0, 1], ['localIndex']],
  ['mvp', 0x21, 'local.set', [1, 0], ['localIndex']],
  ['mvp', 0x22, 'local.tee', [1, 1], ['localIndex']],
  ['mvp', 0x23, 'global.get', [0, 1], ['globalIndex']],
  ['mvp', 0x24, 'global.set', [1, 0], ['globalIndex']],
];

/** Table instructions (specification 5.4.4). `table.copy` names its destination first. */
export const table: readonly Row[] = [
  ['referenceTypes', 0x25, 'table.get', [1, 1], ['tableIndex'], { checks: true }],
  ['referenceTypes', 0x26, 'table.set', [2, 0], ['tableIndex'], { checks: true }],
  ['bulkMemory', 0xfc000c, 'table.init', [3, 0], ['elementIndex', 'tableIndex'], { time: 'tableEntries' }],
  ['bulkMemory', 0xfc000d, 'elem.drop', [0, 0], ['elementIndex']],
  ['bulkMemory', 0xfc000e, 'table.copy', [3, 0], ['tableIndex', 'tableIndex'], { time: 'tableEntries' }],
  ['referenceTypes', 0xfc000f, 'table.grow', [2, 1], ['tableIndex'], { time: 'tableEntries', grows: 'tableEntries' }],
  ['referenceTypes', 0xfc0010, 'table.size', [0, 1], ['tableIndex']],
  ['referenceTypes', 0xfc0011, 'table.fill', [3, 0], ['tableIndex'], { time: 'tableEntries' }],
];

/** Memory instructions (specification 5.4.5). `memory.copy` names its destination first. */
export const memory: readonly Row[] = [
  ['mvp', 0x28, '{i32,i64,f32,f64}.load i32.load{8,16}_{s,u} i64.load{8,16,32}_{s,u}', [1, 1], ['memarg']],
  ['mvp', 0x36, '{i32,i64,f32,f64}.store i32.store{8,16} i64.store{8,16,32}', [2, 0], ['memarg']],
  ['mvp', 0x3f, 'memory.size', [0, 1], ['memoryIndex']],
  ['mvp', 0x40, 'memory.grow', [1, 1], ['memoryIndex'], { time: 'pages', grows: 'pages' }],
  ['bulkMemory', 0xfc0008, 'memory.init', [3, 0], ['dataIndex', 'memoryIndex'], { time: 'bytes' }],
  ['bulkMemory', 0xfc0009, 'data.drop', [0, 0], ['dataIndex']],
  ['bulkMemory', 0xfc000a, 'memory.copy', [3, 0], ['memoryIndex', 'memoryIndex'], { time: 'bytes' }],
  ['bulkMemory', 0xfc000b, 'memory.fill', [3, 0], ['memoryIndex'], { time: 'bytes' }],
];

/** Atomic memory instructions (threads proposal, "Binary format"). WebAssembly 3.0 has none. */
export const atomic: readonly Row[] = [
  ['threads', 0xfe0000, 'memory.atomic.notify', [2, 1], ['memarg'], { checks: true }],
  ['threads', 0xfe0001, 'memory.atomic.wait{32,64}', [3, 1], ['memarg'], { blocks: true, checks: true }],
  ['threads', 0xfe0003, 'atomic.fence', [0, 0], ['zeroByte']],

  [
    'threads',
    0xfe0010,
    '{i32,i64}.atomic.load i32.atomic.load{8,16}_u i64.atomic.load{8,16,32}_u',
    [1, 1],
    ['memarg'],
    { checks: true },
  ],
  [
    'threads',
    0xfe0017,
    '{i32,i64}.atomic.store i32.atomic.store{8,16} i64.atomic.store{8,16,32}',
    [2, 0],
    ['memarg'],
    { checks: true },
  ],

  ['threads', 0xfe001e, readModifyWrite('add'), [2, 1], ['memarg'], { checks: true }],
  ['threads', 0xfe0025, readModifyWrite('sub'), [2, 1], ['memarg'], { checks: true }],
  ['threads', 0xfe002c, readModifyWrite('and'), [2, 1], ['memarg'], { checks: true }],
  ['threads', 0xfe0033, readModifyWrite('or'), [2, 1], ['memarg'], { checks: true }],
  ['threads', 0xfe003a, readModifyWrite('xor'), [2, 1], ['memarg'], { checks: true }],
  ['threads', 0xfe0041, readModifyWrite('xchg'), [2, 1], ['memarg'], { checks: true }],
  ['threads', 0xfe0048, readModifyWrite('cmpxchg'), [3, 1], ['memarg'], { checks: true }],
];

/** The names of an operation: on whole integers first, then on parts of them. */
/* @__NO_SIDE_EFFECTS__ */
function readModifyWrite(operation: string): string {
  return `{i32,i64}.atomic.rmw.${operation} i32.atomic.rmw{8,16}.${operation}_u i64.atomic.rmw{8,16,32}.${operation}_u`;
}
