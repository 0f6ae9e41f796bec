import type { Row } from './instruction.ts';

/** Numeric instructions (specification 5.4.8). */
export const numeric: readonly Row[] = [
  ['mvp', 0x41, 'i32.const', [0, 1], ['s32']],
  ['mvp', 0x42, 'i64.const', [0, 1], ['s64']],
  ['mvp', 0x43, 'f32.const', [0, 1], ['f32']],
  ['mvp', 0x44, 'f64.const', [0, 1], ['f64']],

  ['mvp', 0x45, 'i32.eqz', [1, 1]],
  ['mvp', 0x46, 'i32.eq i32.ne i32.lt_s i32.lt_u i32.gt_s i32.gt_u i32.le_s i32.le_u i32.ge_s i32.ge_u', [2, 1]],
  ['mvp', 0x50, 'i64.eqz', [1, 1]],
  ['mvp', 0x51, 'i64.eq i64.ne i64.lt_s i64.lt_u i64.gt_s i64.gt_u i64.le_s i64.le_u i64.ge_s i64.ge_u', [2, 1]],
  ['mvp', 0x5b, 'f32.eq f32.ne f32.lt f32.gt f32.le f32.ge', [2, 1]],
  ['mvp', 0x61, 'f64.eq f64.ne f64.lt f64.gt f64.le f64.ge', [2, 1]],

  ['mvp', 0x67, 'i32.clz i32.ctz i32.popcnt', [1, 1]],
  ['mvp', 0x6a, 'i32.add i32.sub i32.mul i32.div_s i32.div_u i32.rem_s i32.rem_u', [2, 1]],
  ['mvp', 0x71, 'i32.and i32.or i32.xor i32.shl i32.shr_s i32.shr_u i32.rotl i32.rotr', [2, 1]],
  ['mvp', 0x79, 'i64.clz i64.ctz i64.popcnt', [1, 1]],
  ['mvp', 0x7c, 'i64.add i64.sub i64.mul i64.div_s i64.div_u i64.rem_s i64.rem_u', [2, 1]],
  ['mvp', 0x83, 'i64.and i64.or i64.xor i64.shl i64.shr_s i64.shr_u i64.rotl i64.rotr', [2, 1]],

  ['mvp', 0x8b, 'f32.abs f32.neg f32.ceil f32.floor f32.trunc f32.nearest f32.sqrt', [1, 1]],
  ['mvp', 0x92, 'f32.add f32.sub f32.mul f32.div f32.min f32.max f32.copysign', [2, 1]],
  ['mvp', 0x99, 'f64.abs f64.neg f64.ceil f64.floor f64.trunc f64.nearest f64.sqrt', [1, 1]],
  ['mvp', 0xa0, 'f64.add f64.sub f64.mul f64.div f64.min f64.max f64.copysign', [2, 1]],

  ['mvp', 0xa7, 'i32.wrap_i64 i32.trunc_f32_s i32.trunc_f32_u i32.trunc_f64_s i32.trunc_f64_u', [1, 1]],
  ['mvp', 0xac, 'i64.extend_i32_s i64.extend_i32_u', [1, 1]],
  ['mvp', 0xae, 'i64.trunc_f32_s i64.trunc_f32_u i64.trunc_f64_s i64.trunc_f64_u', [1, 1]],
  ['mvp', 0xb2, 'f32.convert_i32_s f32.convert_i32_u f32.convert_i64_s f32.convert_i64_u f32.demote_f64', [1, 1]],
  ['mvp', 0xb7, 'f64.convert_i32_s f64.convert_i32_u f64.convert_i64_s f64.convert_i64_u f64.promote_f32', [1, 1]],
  ['mvp', 0xbc, 'i32.reinterpret_f32 i64.reinterpret_f64 f32.reinterpret_i32 f64.reinterpret_i64', [1, 1]],

  ['signExtension', 0xc0, 'i32.extend8_s i32.extend16_s i64.extend8_s i64.extend16_s i64.extend32_s', [1, 1]],

  ['saturatingFloatToInt', 0xfc0000, 'i32.trunc_sat_f32_s i32.trunc_sat_f32_u', [1, 1]],
  ['saturatingFloatToInt', 0xfc0002, 'i32.trunc_sat_f64_s i32.trunc_sat_f64_u', [1, 1]],
  ['saturatingFloatToInt', 0xfc0004, 'i64.trunc_sat_f32_s i64.trunc_sat_f32_u', [1, 1]],
  ['saturatingFloatToInt', 0xfc0006, 'i64.trunc_sat_f64_s i64.trunc_sat_f64_u', [1, 1]],
];
