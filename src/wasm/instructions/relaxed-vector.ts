import type { Row } from './instruction.ts';

/** Relaxed vector instructions, whose results may differ from engine to engine (specification 5.4.9). */
export const relaxedVector: readonly Row[] = [
  ['relaxedSimd', 0xfd0100, 'i8x16.relaxed_swizzle', [2, 1]],
  ['relaxedSimd', 0xfd0101, 'i32x4.relaxed_trunc_f32x4_{s,u} i32x4.relaxed_trunc_f64x2_{s,u}_zero', [1, 1]],
  ['relaxedSimd', 0xfd0105, '{f32x4,f64x2}.relaxed_{madd,nmadd} {i8x16,i16x8,i32x4,i64x2}.relaxed_laneselect', [3, 1]],
  ['relaxedSimd', 0xfd010d, '{f32x4,f64x2}.relaxed_{min,max}', [2, 1]],
  ['relaxedSimd', 0xfd0111, 'i16x8.relaxed_{q15mulr_s,dot_i8x16_i7x16_s}', [2, 1]],
  ['relaxedSimd', 0xfd0113, 'i32x4.relaxed_dot_i8x16_i7x16_add_s', [3, 1]],
];
