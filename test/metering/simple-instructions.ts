import { leb } from '../support/bytes.ts';
import type { NumberType, Value } from './program.ts';

/** A trap, with the reason. */
export class Trap extends Error {}

/** What instructions work on beside their operands. */
export interface Machine {
  readonly globals: Value[];
  memory: Uint8Array;
  readonly memoryMaximum: number;
  /** Function indices; `undefined` is null. */
  readonly table: (number | undefined)[];
  readonly tableMaximum: number;
}

/** A value on the operand stack: a number, or a reference to a function or none. */
export type Operand = Value | { readonly function: number | undefined };

/** An instruction without control flow. */
interface SimpleInstruction {
  readonly fuel: 0 | 1;
  readonly encode: (immediates: readonly Value[]) => number[];
  /** Gives the result; `undefined` for none. */
  readonly execute: (
    machine: Machine,
    locals: Value[],
    immediates: readonly Value[],
    operands: readonly Operand[],
  ) => Operand | undefined;
  readonly params: readonly NumberType[];
  readonly result: NumberType | undefined;
}

const PAGE = 65_536;

/** A signed integer in LEB128. */
export function signedLeb(value: bigint): number[] {
  const byte = Number(value & 0x7fn);
  const rest = value >> 7n;
  return rest === (byte & 0x40 ? -1n : 0n) ? [byte] : [byte + 0x80, ...signedLeb(rest)];
}

const i32 = (value: Operand | undefined): number => {
  if (typeof value !== 'number') throw new TypeError('expected an i32');
  return value | 0;
};
const u32 = (value: Operand | undefined): number => i32(value) >>> 0;
const i64 = (value: Operand | undefined): bigint => {
  if (typeof value !== 'bigint') throw new TypeError('expected an i64');
  return value;
};
const reference = (value: Operand | undefined): number | undefined => {
  if (typeof value !== 'object') throw new TypeError('expected a reference');
  return value.function;
};

const numeric = (
  opcode: number,
  params: readonly NumberType[],
  result: NumberType,
  compute: (...operands: never[]) => Value,
): SimpleInstruction => ({
  fuel: 1,
  params,
  result,
  encode: () => [opcode],
  execute: (_machine, _locals, _immediates, operands) => {
    // The operands are of the types that `params` tells, and so are the function's parameters.
    const value = compute(...(operands as never[]));
    return typeof value === 'bigint' ? BigInt.asIntN(64, value) : value | 0;
  },
});

const nonZero = <T>(divisor: T): T => {
  if (divisor === 0 || divisor === 0n) throw new Trap('divide by zero');
  return divisor;
};
const divide = (a: bigint, b: bigint, bits: number): bigint => {
  const quotient = a / nonZero(b);
  if (BigInt.asIntN(bits, quotient) !== quotient) throw new Trap('integer overflow');
  return quotient;
};

const two32: readonly NumberType[] = ['i32', 'i32'];
const two64: readonly NumberType[] = ['i64', 'i64'];

const numerics: { readonly [name: string]: SimpleInstruction } = {
  'i32.eqz': numeric(0x45, ['i32'], 'i32', (a: number) => Number(a === 0)),
  'i32.eq': numeric(0x46, two32, 'i32', (a: number, b: number) => Number(a === b)),
  'i32.lt_s': numeric(0x48, two32, 'i32', (a: number, b: number) => Number(a < b)),
  'i32.gt_u': numeric(0x4b, two32, 'i32', (a: number, b: number) => Number(a >>> 0 > b >>> 0)),
  'i64.eqz': numeric(0x50, ['i64'], 'i32', (a: bigint) => Number(a === 0n)),
  'i64.lt_s': numeric(0x53, two64, 'i32', (a: bigint, b: bigint) => Number(a < b)),
  'i32.clz': numeric(0x67, ['i32'], 'i32', (a: number) => Math.clz32(a)),
  'i32.add': numeric(0x6a, two32, 'i32', (a: number, b: number) => a + b),
  'i32.sub': numeric(0x6b, two32, 'i32', (a: number, b: number) => a - b),
  'i32.mul': numeric(0x6c, two32, 'i32', (a: number, b: number) => Math.imul(a, b)),
  'i32.div_s': numeric(0x6d, two32, 'i32', (a: number, b: number) => Number(divide(BigInt(a), BigInt(b), 32))),
  'i32.rem_u': numeric(0x70, two32, 'i32', (a: number, b: number) => (a >>> 0) % (nonZero(b) >>> 0)),
  'i32.and': numeric(0x71, two32, 'i32', (a: number, b: number) => a & b),
  'i32.xor': numeric(0x73, two32, 'i32', (a: number, b: number) => a ^ b),
  'i32.shl': numeric(0x74, two32, 'i32', (a: number, b: number) => a << b),
  'i32.shr_u': numeric(0x76, two32, 'i32', (a: number, b: number) => a >>> b),
  'i64.add': numeric(0x7c, two64, 'i64', (a: bigint, b: bigint) => a + b),
  'i64.sub': numeric(0x7d, two64, 'i64', (a: bigint, b: bigint) => a - b),
  'i64.mul': numeric(0x7e, two64, 'i64', (a: bigint, b: bigint) => a * b),
  'i64.div_s': numeric(0x7f, two64, 'i64', (a: bigint, b: bigint) => divide(a, b, 64)),
  'i64.xor': numeric(0x85, two64, 'i64', (a: bigint, b: bigint) => a ^ b),
  'i64.shl': numeric(0x86, two64, 'i64', (a: bigint, b: bigint) => a << BigInt.asUintN(6, b)),
  'i32.wrap_i64': numeric(0xa7, ['i64'], 'i32', (a: bigint) => Number(BigInt.asIntN(32, a))),
  'i64.extend_i32_s': numeric(0xac, ['i32'], 'i64', (a: number) => BigInt(a)),
  'i64.extend_i32_u': numeric(0xad, ['i32'], 'i64', (a: number) => BigInt(a >>> 0)),
};

/** The names of instructions that compute a number from numbers alone. */
export const numericNames: readonly string[] = Object.keys(numerics);

/** Where a range begins, if it lies within a number of bytes or entries. */
function within(start: Operand | undefined, length: number, size: number, offset = 0): number {
  const begin = u32(start) + offset;
  if (begin + length > size) throw new Trap('out of bounds');
  return begin;
}

const view = ({ memory }: Machine): DataView => new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
const index = (immediate: Value | undefined): number => Number(immediate);
const first =
  (opcode: number) =>
  (immediates: readonly Value[]): number[] => [opcode, ...leb(index(immediates[0]))];
const memarg =
  (opcode: number) =>
  (immediates: readonly Value[]): number[] => [opcode, 0, ...leb(index(immediates[0]))];

type Execute = SimpleInstruction['execute'];
const instruction = (
  encode: SimpleInstruction['encode'],
  execute: Execute,
  types: { readonly fuel?: 0; readonly params?: readonly NumberType[]; readonly result?: NumberType } = {},
): SimpleInstruction => ({ fuel: types.fuel ?? 1, params: types.params ?? [], result: types.result, encode, execute });

/** Every instruction without control flow that programs have, by its name in the text format. */
export const simpleInstructions: { readonly [name: string]: SimpleInstruction } = {
  ...numerics,
  nop: instruction(
    () => [0x01],
    () => undefined,
    { fuel: 0 },
  ),
  drop: instruction(
    () => [0x1a],
    () => undefined,
    { fuel: 0 },
  ),
  select: instruction(
    () => [0x1b],
    (_machine, _locals, _immediates, [a, b, condition]) => (i32(condition) !== 0 ? a : b),
  ),
  'i32.const': instruction(
    ([value = 0]) => [0x41, ...signedLeb(BigInt(value))],
    (_machine, _locals, [value]) => value,
  ),
  'i64.const': instruction(
    ([value = 0]) => [0x42, ...signedLeb(BigInt(value))],
    (_machine, _locals, [value]) => value,
  ),
  'local.get': instruction(first(0x20), (_machine, locals, [local]) => locals[index(local)]),
  'local.set': instruction(first(0x21), (_machine, locals, [local], [value]) => {
    locals[index(local)] = value as Value; // only numbers are put into locals
    return undefined;
  }),
  'local.tee': instruction(first(0x22), (_machine, locals, [local], [value]) => {
    locals[index(local)] = value as Value; // only numbers are put into locals
    return value;
  }),
  'global.get': instruction(first(0x23), ({ globals }, _locals, [global]) => globals[index(global)]),
  'global.set': instruction(first(0x24), ({ globals }, _locals, [global], [value]) => {
    globals[index(global)] = value as Value; // only numbers are put into globals
    return undefined;
  }),
  'i32.load': instruction(memarg(0x28), (machine, _locals, [offset], [address]) =>
    view(machine).getInt32(within(address, 4, machine.memory.length, index(offset)), true),
  ),
  'i64.load': instruction(memarg(0x29), (machine, _locals, [offset], [address]) =>
    view(machine).getBigInt64(within(address, 8, machine.memory.length, index(offset)), true),
  ),
  'i32.store8': instruction(memarg(0x3a), (machine, _locals, [offset], [address, value]) => {
    view(machine).setInt8(within(address, 1, machine.memory.length, index(offset)), i32(value));
    return undefined;
  }),
  'i64.store': instruction(memarg(0x37), (machine, _locals, [offset], [address, value]) => {
    view(machine).setBigInt64(within(address, 8, machine.memory.length, index(offset)), i64(value), true);
    return undefined;
  }),
  'memory.size': instruction(
    () => [0x3f, 0],
    ({ memory }) => memory.length / PAGE,
  ),
  'memory.grow': instruction(
    () => [0x40, 0],
    (machine, _locals, _immediates, [delta]) => {
      const before = machine.memory.length / PAGE;
      if (before + u32(delta) > machine.memoryMaximum) return -1;
      const grown = new Uint8Array((before + u32(delta)) * PAGE);
      grown.set(machine.memory);
      machine.memory = grown;
      return before;
    },
  ),
  'memory.copy': instruction(
    () => [0xfc, 10, 0, 0],
    ({ memory }, _locals, _immediates, [to, from, length]) => {
      const source = within(from, u32(length), memory.length);
      memory.copyWithin(within(to, u32(length), memory.length), source, source + u32(length));
      return undefined;
    },
  ),
  'memory.fill': instruction(
    () => [0xfc, 11, 0],
    ({ memory }, _locals, _immediates, [to, value, length]) => {
      const start = within(to, u32(length), memory.length);
      memory.fill(i32(value), start, start + u32(length));
      return undefined;
    },
  ),
  'ref.null': instruction(
    () => [0xd0, 0x70],
    () => ({ function: undefined }),
  ),
  'ref.func': instruction(first(0xd2), (_machine, _locals, [func]) => ({ function: index(func) })),
  'ref.is_null': instruction(
    () => [0xd1],
    (_machine, _locals, _immediates, [value]) => Number(reference(value) === undefined),
  ),
  'table.get': instruction(
    () => [0x25, 0],
    ({ table }, _locals, _immediates, [at]) => ({ function: table[within(at, 1, table.length)] }),
  ),
  'table.set': instruction(
    () => [0x26, 0],
    ({ table }, _locals, _immediates, [at, value]) => {
      table[within(at, 1, table.length)] = reference(value);
      return undefined;
    },
  ),
  'table.size': instruction(
    () => [0xfc, 16, 0],
    ({ table }) => table.length,
  ),
  'table.grow': instruction(
    () => [0xfc, 15, 0],
    ({ table, tableMaximum }, _locals, _immediates, [value, delta]) => {
      const before = table.length;
      if (before + u32(delta) > tableMaximum) return -1;
      for (let count = u32(delta); count > 0; count--) table.push(reference(value));
      return before;
    },
  ),
  'table.fill': instruction(
    () => [0xfc, 17, 0],
    ({ table }, _locals, _immediates, [to, value, length]) => {
      const start = within(to, u32(length), table.length);
      table.fill(reference(value), start, start + u32(length));
      return undefined;
    },
  ),
  'table.copy': instruction(
    () => [0xfc, 14, 0, 0],
    ({ table }, _locals, _immediates, [to, from, length]) => {
      const source = within(from, u32(length), table.length);
      table.copyWithin(within(to, u32(length), table.length), source, source + u32(length));
      return undefined;
    },
  ),
};

/** The instruction of a name. */
export function simpleInstruction(name: string): SimpleInstruction {
  const found = simpleInstructions[name];
  if (found === undefined) throw new RangeError(`no instruction ${name}`);
  return found;
}
