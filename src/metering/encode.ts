import { writeSigned, writeUnsigned } from '../wasm/index.ts';

/*
 * The few instructions that metering writes into the functions of a module, encoded. They are written by the thousand, so each is a
 * function here, where the support functions are text.
 */

const END = 0x0b;
const EMPTY_BLOCK = 0x40;

function indexed(opcode: number, index: number): number[] {
  const bytes = [opcode];
  writeUnsigned(bytes, index);
  return bytes;
}

export const localGet = (index: number): number[] => indexed(0x20, index);
export const localSet = (index: number): number[] => indexed(0x21, index);
export const localTee = (index: number): number[] => indexed(0x22, index);
export const globalGet = (index: number): number[] => indexed(0x23, index);
export const globalSet = (index: number): number[] => indexed(0x24, index);
export const call = (index: number): number[] => indexed(0x10, index);

/** `i32.const`. */
export function i32Const(value: number): number[] {
  const bytes = [0x41];
  writeSigned(bytes, BigInt(value));
  return bytes;
}

/** `i64.const`. */
export function i64Const(value: number): number[] {
  const bytes = [0x42];
  writeSigned(bytes, BigInt(value));
  return bytes;
}

export const I32_ADD = 0x6a;
export const I32_SUB = 0x6b;
export const I32_LT_S = 0x48;
export const I32_LE_S = 0x4c;

/** `if BODY end`. */
export function whenTrue(body: readonly number[]): number[] {
  return [0x04, EMPTY_BLOCK, ...body, END];
}
