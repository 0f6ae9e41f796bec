import type { Row } from './instruction.ts';

/** Relaxed vector instructions, whose results may differ from engine to engine (specification 5.4.9). */
export const relaxedVector: readonly Row[] = [
  ['relaxedSimd', 0xfd0100, 'i8x16.relaxed_swizzle', [2, 1]],
  ['relaxedSimd', 0xfd0101, 'i32x4.relaxed_trunc_f32x4_s i32x4.relaxed_trunc_f32x4_u', [1, 1]],
  ['relaxedSimd', 0xfd0103, 'i32x4.relaxed_trunc_f64x2_s_zero i32x4.relaxed_trunc_f64x2_u_zero', [1, 1]],
  ['relaxedSimd', 0xfd0105, 'f32x4.relaxed_madd f32x4.relaxed_nmadd f64x2.relaxed_madd f64x2.relaxed_nmadd', [3, 1]],
  ['relaxedSimd', 0xfd0109, 'i8x16.relaxed_laneselect i16x8.relaxed_laneselect', [3, 1]],
  ['relaxedSimd', 0xfd010b, 'i32x4.relaxed_laneselect i64x2.relaxed_laneselect', [3, 1]],
  ['relaxedSimd', 0xfd010d, 'f32x4.relaxed_min f32x4.relaxed_max f64x2.relaxed_min f64x2.relaxed_max', [2, 1]],
  ['relaxedSimd', 0xfd0111, 'i16x8.relaxed_q15mulr_s i16x8.relaxed_dot_i8x16_i7x16_s', [2, 1]],
  ['relaxedSimd', 0xfd0113, 'i32x4.relaxed_dot_i8x16_i7x16_add_s', [3, 1]],
];
