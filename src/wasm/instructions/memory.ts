import type { Row } from './instruction.ts';

/** Memory instructions (specification 5.4.5). `memory.copy` names the memory written to first. */
export const memory: readonly Row[] = [
  ['mvp', 0x28, 'i32.load i64.load f32.load f64.load', ['memarg']],
  ['mvp', 0x2c, 'i32.load8_s i32.load8_u i32.load16_s i32.load16_u', ['memarg']],
  ['mvp', 0x30, 'i64.load8_s i64.load8_u i64.load16_s i64.load16_u i64.load32_s i64.load32_u', ['memarg']],
  ['mvp', 0x36, 'i32.store i64.store f32.store f64.store', ['memarg']],
  ['mvp', 0x3a, 'i32.store8 i32.store16 i64.store8 i64.store16 i64.store32', ['memarg']],
  ['mvp', 0x3f, 'memory.size', ['memoryIndex']],
  ['mvp', 0x40, 'memory.grow', ['memoryIndex'], { time: 'pages', grows: 'pages' }],
  ['bulkMemory', 0xfc0008, 'memory.init', ['dataIndex', 'memoryIndex'], { time: 'bytes' }],
  ['bulkMemory', 0xfc0009, 'data.drop', ['dataIndex']],
  ['bulkMemory', 0xfc000a, 'memory.copy', ['memoryIndex', 'memoryIndex'], { time: 'bytes' }],
  ['bulkMemory', 0xfc000b, 'memory.fill', ['memoryIndex'], { time: 'bytes' }],
];
