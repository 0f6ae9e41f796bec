import type { Row } from './instruction.ts';

/** Memory instructions (specification 5.4.5). `memory.copy` names the memory written to first. */
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
