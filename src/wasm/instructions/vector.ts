import type { Row } from './row.ts';

/**
 * Vector instructions (specification 5.4.9), without the relaxed ones. An opcode without a row is
 * reserved.
 */
export const vector: readonly Row[] = [
  ['simd', 0xfd0000, 'v128.load v128.load{8x8,16x4,32x2}_{s,u} v128.load{8,16,32,64}_splat', [1, 1], ['memarg']],
  ['simd', 0xfd000b, 'v128.store', [2, 0], ['memarg']],
  ['simd', 0xfd000c, 'v128.const', [0, 1], ['v128']],
  ['simd', 0xfd000d, 'i8x16.shuffle', [2, 1], ['lanes16']],
  ['simd', 0xfd000e, 'i8x16.swizzle', [2, 1]],
  ['simd', 0xfd000f, '{i8x16,i16x8,i32x4,i64x2,f32x4,f64x2}.splat', [1, 1]],
  ['simd', 0xfd0015, 'i8x16.extract_lane_{s,u}', [1, 1], ['lane']],
  ['simd', 0xfd0017, 'i8x16.replace_lane', [2, 1], ['lane']],
  ['simd', 0xfd0018, 'i16x8.extract_lane_{s,u}', [1, 1], ['lane']],
  ['simd', 0xfd001a, 'i16x8.replace_lane', [2, 1], ['lane']],
  ['simd', 0xfd001b, 'i32x4.extract_lane', [1, 1], ['lane']],
  ['simd', 0xfd001c, 'i32x4.replace_lane', [2, 1], ['lane']],
  ['simd', 0xfd001d, 'i64x2.extract_lane', [1, 1], ['lane']],
  ['simd', 0xfd001e, 'i64x2.replace_lane', [2, 1], ['lane']],
  ['simd', 0xfd001f, 'f32x4.extract_lane', [1, 1], ['lane']],
  ['simd', 0xfd0020, 'f32x4.replace_lane', [2, 1], ['lane']],
  ['simd', 0xfd0021, 'f64x2.extract_lane', [1, 1], ['lane']],
  ['simd', 0xfd0022, 'f64x2.replace_lane', [2, 1], ['lane']],

  ['simd', 0xfd0023, '{i8x16,i16x8,i32x4}.{eq,ne,lt_s,lt_u,gt_s,gt_u,le_s,le_u,ge_s,ge_u}', [2, 1]],
  ['simd', 0xfd0041, '{f32x4,f64x2}.{eq,ne,lt,gt,le,ge}', [2, 1]],
  ['simd', 0xfd004d, 'v128.not', [1, 1]],
  ['simd', 0xfd004e, 'v128.{and,andnot,or,xor}', [2, 1]],
  ['simd', 0xfd0052, 'v128.bitselect', [3, 1]],
  ['simd', 0xfd0053, 'v128.any_true', [1, 1]],

  ['simd', 0xfd0054, 'v128.load{8,16,32,64}_lane', [2, 1], ['memarg', 'lane']],
  ['simd', 0xfd0058, 'v128.store{8,16,32,64}_lane', [2, 0], ['memarg', 'lane']],
  ['simd', 0xfd005c, 'v128.load{32,64}_zero', [1, 1], ['memarg']],
  ['simd', 0xfd005e, 'f32x4.demote_f64x2_zero f64x2.promote_low_f32x4', [1, 1]],

  ['simd', 0xfd0060, 'i8x16.{abs,neg,popcnt,all_true,bitmask}', [1, 1]],
  ['simd', 0xfd0065, 'i8x16.narrow_i16x8_{s,u}', [2, 1]],
  ['simd', 0xfd0067, 'f32x4.{ceil,floor,trunc,nearest}', [1, 1]],
  ['simd', 0xfd006b, 'i8x16.{shl,shr_s,shr_u,add,add_sat_s,add_sat_u,sub,sub_sat_s,sub_sat_u}', [2, 1]],
  ['simd', 0xfd0074, 'f64x2.{ceil,floor}', [1, 1]],
  ['simd', 0xfd0076, 'i8x16.{min,max}_{s,u}', [2, 1]],
  ['simd', 0xfd007a, 'f64x2.trunc', [1, 1]],
  ['simd', 0xfd007b, 'i8x16.avgr_u', [2, 1]],
  ['simd', 0xfd007c, 'i16x8.extadd_pairwise_i8x16_{s,u} i32x4.extadd_pairwise_i16x8_{s,u}', [1, 1]],

  ['simd', 0xfd0080, 'i16x8.{abs,neg}', [1, 1]],
  ['simd', 0xfd0082, 'i16x8.q15mulr_sat_s', [2, 1]],
  ['simd', 0xfd0083, 'i16x8.{all_true,bitmask}', [1, 1]],
  ['simd', 0xfd0085, 'i16x8.narrow_i32x4_{s,u}', [2, 1]],
  ['simd', 0xfd0087, 'i16x8.extend_{low,high}_i8x16_s i16x8.extend_{low,high}_i8x16_u', [1, 1]],
  ['simd', 0xfd008b, 'i16x8.{shl,shr_s,shr_u,add,add_sat_s,add_sat_u,sub,sub_sat_s,sub_sat_u}', [2, 1]],
  ['simd', 0xfd0094, 'f64x2.nearest', [1, 1]],
  ['simd', 0xfd0095, 'i16x8.mul i16x8.{min,max}_{s,u}', [2, 1]],
  ['simd', 0xfd009b, 'i16x8.avgr_u i16x8.extmul_{low,high}_i8x16_s i16x8.extmul_{low,high}_i8x16_u', [2, 1]],

  ['simd', 0xfd00a0, 'i32x4.{abs,neg}', [1, 1]],
  ['simd', 0xfd00a3, 'i32x4.{all_true,bitmask}', [1, 1]],
  ['simd', 0xfd00a7, 'i32x4.extend_{low,high}_i16x8_s i32x4.extend_{low,high}_i16x8_u', [1, 1]],
  ['simd', 0xfd00ab, 'i32x4.{shl,shr_s,shr_u,add}', [2, 1]],
  ['simd', 0xfd00b1, 'i32x4.sub', [2, 1]],
  ['simd', 0xfd00b5, 'i32x4.mul i32x4.{min,max}_{s,u} i32x4.dot_i16x8_s', [2, 1]],
  ['simd', 0xfd00bc, 'i32x4.extmul_{low,high}_i16x8_s i32x4.extmul_{low,high}_i16x8_u', [2, 1]],

  ['simd', 0xfd00c0, 'i64x2.{abs,neg}', [1, 1]],
  ['simd', 0xfd00c3, 'i64x2.{all_true,bitmask}', [1, 1]],
  ['simd', 0xfd00c7, 'i64x2.extend_{low,high}_i32x4_s i64x2.extend_{low,high}_i32x4_u', [1, 1]],
  ['simd', 0xfd00cb, 'i64x2.{shl,shr_s,shr_u,add}', [2, 1]],
  ['simd', 0xfd00d1, 'i64x2.sub', [2, 1]],
  ['simd', 0xfd00d5, 'i64x2.{mul,eq,ne,lt_s,gt_s,le_s,ge_s}', [2, 1]],
  ['simd', 0xfd00dc, 'i64x2.extmul_{low,high}_i32x4_s i64x2.extmul_{low,high}_i32x4_u', [2, 1]],

  ['simd', 0xfd00e0, 'f32x4.{abs,neg}', [1, 1]],
  ['simd', 0xfd00e3, 'f32x4.sqrt', [1, 1]],
  ['simd', 0xfd00e4, 'f32x4.{add,sub,mul,div,min,max,pmin,pmax}', [2, 1]],
  ['simd', 0xfd00ec, 'f64x2.{abs,neg}', [1, 1]],
  ['simd', 0xfd00ef, 'f64x2.sqrt', [1, 1]],
  ['simd', 0xfd00f0, 'f64x2.{add,sub,mul,div,min,max,pmin,pmax}', [2, 1]],

  ['simd', 0xfd00f8, 'i32x4.trunc_sat_f32x4_{s,u} f32x4.convert_i32x4_{s,u}', [1, 1]],
  ['simd', 0xfd00fc, 'i32x4.trunc_sat_f64x2_{s,u}_zero f64x2.convert_low_i32x4_{s,u}', [1, 1]],
];

/**
 * Relaxed vector instructions: their results differ from engine to engine (specification 5.4.9).
 */
export const relaxedVector: readonly Row[] = [
  ['relaxedSimd', 0xfd0100, 'i8x16.relaxed_swizzle', [2, 1]],
  ['relaxedSimd', 0xfd0101, 'i32x4.relaxed_trunc_f32x4_{s,u} i32x4.relaxed_trunc_f64x2_{s,u}_zero', [1, 1]],
  ['relaxedSimd', 0xfd0105, '{f32x4,f64x2}.relaxed_{madd,nmadd} {i8x16,i16x8,i32x4,i64x2}.relaxed_laneselect', [3, 1]],
  ['relaxedSimd', 0xfd010d, '{f32x4,f64x2}.relaxed_{min,max}', [2, 1]],
  ['relaxedSimd', 0xfd0111, 'i16x8.relaxed_{q15mulr_s,dot_i8x16_i7x16_s}', [2, 1]],
  ['relaxedSimd', 0xfd0113, 'i32x4.relaxed_dot_i8x16_i7x16_add_s', [3, 1]],
];
