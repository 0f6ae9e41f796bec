import type { Row } from './row.ts';

/** Numeric instructions (specification 5.4.8). */
export const numeric: readonly Row[] = [
  ['mvp', 0x41, 'i32.const', [0, 1], ['s32']],
  ['mvp', 0x42, 'i64.const', [0, 1], ['s64']],
  ['mvp', 0x43, 'f32.const', [0, 1], ['f32']],
  ['mvp', 0x44, 'f64.const', [0, 1], ['f64']],

  ['mvp', 0x45, 'i32.eqz', [1, 1]],
  ['mvp', 0x46, 'i32.{eq,ne,lt_s,lt_u,gt_s,gt_u,le_s,le_u,ge_s,ge_u}', [2, 1]],
  ['mvp', 0x50, 'i64.eqz', [1, 1]],
  ['mvp', 0x51, 'i64.{eq,ne,lt_s,lt_u,gt_s,gt_u,le_s,le_u,ge_s,ge_u}', [2, 1]],
  ['mvp', 0x5b, '{f32,f64}.{eq,ne,lt,gt,le,ge}', [2, 1]],

  ['mvp', 0x67, 'i32.{clz,ctz,popcnt}', [1, 1]],
  ['mvp', 0x6a, 'i32.{add,sub,mul}', [2, 1]],
  ['mvp', 0x6d, 'i32.{div_s,div_u,rem_s,rem_u}', [2, 1], [], { checks: true }],
  ['mvp', 0x71, 'i32.{and,or,xor,shl,shr_s,shr_u,rotl,rotr}', [2, 1]],
  ['mvp', 0x79, 'i64.{clz,ctz,popcnt}', [1, 1]],
  ['mvp', 0x7c, 'i64.{add,sub,mul}', [2, 1]],
  ['mvp', 0x7f, 'i64.{div_s,div_u,rem_s,rem_u}', [2, 1], [], { checks: true }],
  ['mvp', 0x83, 'i64.{and,or,xor,shl,shr_s,shr_u,rotl,rotr}', [2, 1]],

  ['mvp', 0x8b, 'f32.{abs,neg,ceil,floor,trunc,nearest,sqrt}', [1, 1]],
  ['mvp', 0x92, 'f32.{add,sub,mul,div,min,max,copysign}', [2, 1]],
  ['mvp', 0x99, 'f64.{abs,neg,ceil,floor,trunc,nearest,sqrt}', [1, 1]],
  ['mvp', 0xa0, 'f64.{add,sub,mul,div,min,max,copysign}', [2, 1]],

  ['mvp', 0xa7, 'i32.wrap_i64', [1, 1]],
  ['mvp', 0xa8, 'i32.trunc_{f32,f64}_{s,u}', [1, 1], [], { checks: true }],
  ['mvp', 0xac, 'i64.extend_i32_{s,u}', [1, 1]],
  ['mvp', 0xae, 'i64.trunc_{f32,f64}_{s,u}', [1, 1], [], { checks: true }],
  ['mvp', 0xb2, 'f32.convert_{i32,i64}_{s,u} f32.demote_f64', [1, 1]],
  ['mvp', 0xb7, 'f64.convert_{i32,i64}_{s,u} f64.promote_f32', [1, 1]],
  ['mvp', 0xbc, 'i32.reinterpret_f32 i64.reinterpret_f64 f32.reinterpret_i32 f64.reinterpret_i64', [1, 1]],

  ['signExtension', 0xc0, 'i32.extend{8,16}_s i64.extend{8,16,32}_s', [1, 1]],

  ['saturatingFloatToInt', 0xfc0000, '{i32,i64}.trunc_sat_{f32,f64}_{s,u}', [1, 1], [], { checks: true }],

  // Wide arithmetic proposal: an integer of 128 bits is two of 64 bits, the low half first.
  ['wideArithmetic', 0xfc0013, 'i64.{add128,sub128}', [4, 2]],
  ['wideArithmetic', 0xfc0015, 'i64.mul_wide_{s,u}', [2, 2]],
];
