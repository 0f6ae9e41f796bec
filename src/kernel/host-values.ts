import { isPromise, isUint8Array } from '../realms.ts';
import { KernelFunctionError } from './functions.ts';
import type { HostValueKind } from './host-function.ts';
import type { KernelMemory } from './memory.ts';

/** A value as WebAssembly passes it to JavaScript and back. */
export type RawValue = number | bigint;

interface Conversion {
  /**
   * Converts an argument.
   *
   * @param raw what the engine passes, so of the WebAssembly type of the kind.
   * @returns what the implementation gets.
   * @throws KernelFunctionError if a block is not as the kind says.
   */
  decode(memory: KernelMemory, raw: RawValue): unknown;
  /**
   * Converts a result.
   *
   * @param value what the implementation returned, which may be anything.
   * @returns what the engine gets.
   * @throws KernelFunctionError if it is not of the kind.
   */
  encode(memory: KernelMemory, value: unknown): RawValue;
}

const number = (name: string): Conversion => ({
  decode: (_, raw) => raw,
  encode: (_, value) => {
    if (typeof value !== 'number') throw unexpected(name, 'a number', value);
    return value;
  },
});

/** The conversion of an integer in a block of 8 bytes. */
const littleEndian = (name: string, signed: boolean): Conversion => ({
  decode: (memory, raw) => {
    const block = memory.block(BigInt(raw));
    if (block.length !== 8)
      throw new KernelFunctionError(`a ${name} argument is a block of 8 bytes, not ${block.length}`);
    const view = new DataView(block.buffer, block.byteOffset, 8);
    return signed ? view.getBigInt64(0, true) : view.getBigUint64(0, true);
  },
  encode: (memory, value) => {
    const integer = toBigInt(name, value);
    if (integer !== (signed ? BigInt.asIntN(64, integer) : BigInt.asUintN(64, integer))) {
      throw new KernelFunctionError(`a ${name} result is out of range`);
    }
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, integer), true);
    return memory.write(bytes);
  },
});

/** The conversion of each kind of host value. */
export const hostValueConversions: { readonly [K in HostValueKind]: Conversion } = {
  i32: number('i32'),
  f32: number('f32'),
  f64: number('f64'),
  i64: { decode: (_, raw) => raw, encode: (_, value) => toBigInt('i64', value) },
  text: {
    decode: (memory, raw) => memory.text(BigInt(raw), 'a text argument'),
    encode: (memory, value) => {
      if (typeof value !== 'string') throw unexpected('text', 'a string', value);
      return memory.writeText(value);
    },
  },
  bytes: {
    decode: (memory, raw) => memory.block(BigInt(raw)).slice(),
    encode: (memory, value) => {
      if (!isUint8Array(value)) throw unexpected('bytes', 'a Uint8Array', value);
      return memory.write(value);
    },
  },
  u64le: littleEndian('u64le', false),
  i64le: littleEndian('i64le', true),
};

function toBigInt(name: string, value: unknown): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  throw unexpected(name, 'a bigint or a safe integer', value);
}

function unexpected(name: string, expected: string, value: unknown): KernelFunctionError {
  const found = isPromise(value)
    ? 'a promise: a host function must be synchronous'
    : value === null
      ? 'null'
      : typeof value;
  return new KernelFunctionError(`a ${name} result must be ${expected}, but the host function returned ${found}`);
}
