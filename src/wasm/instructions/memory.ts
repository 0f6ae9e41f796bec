import type { Row } from './instruction.ts';

/** Memory instructions (specification 5.4.5). `memory.copy` names the memory written to first. */
export const memory: readonly Row[] = [
  ['mvp', 0x28, 'i32.load i64.load f32.load f64.load', [1, 1], ['memarg']],
  ['mvp', 0x2c, 'i32.load8_s i32.load8_u i32.load16_s i32.load16_u', [1, 1], ['memarg']],
  ['mvp', 0x30, 'i64.load8_s i64.load8_u i64.load16_s i64.load16_u i64.load32_s i64.load32_u', [1, 1], ['memarg']],
  ['mvp', 0x36, 'i32.store i64.store f32.store f64.store', [2, 0], ['memarg']],
  ['mvp', 0x3a, 'i32.store8 i32.store16 i64.store8 i64.store16 i64.store32', [2, 0], ['memarg']],
  ['mvp', 0x3f, 'memory.size', [0, 1], ['memoryIndex']],
  ['mvp', 0x40, 'memory.grow', [1, 1], ['memoryIndex'], { time: 'pages', grows: 'pages' }],
  ['bulkMemory', 0xfc0008, 'memory.init', [3, 0], ['dataIndex', 'memoryIndex'], { time: 'bytes' }],
  ['bulkMemory', 0xfc0009, 'data.drop', [0, 0], ['dataIndex']],
  ['bulkMemory', 0xfc000a, 'memory.copy', [3, 0], ['memoryIndex', 'memoryIndex'], { time: 'bytes' }],
  ['bulkMemory', 0xfc000b, 'memory.fill', [3, 0], ['memoryIndex'], { time: 'bytes' }],
];
