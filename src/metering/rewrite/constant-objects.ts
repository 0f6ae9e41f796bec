import { type CodeReader, readS32, type WasmModule, walkConstantExpressions } from '../../wasm/index.ts';
import { featureRefused } from '../error.ts';
import { I32_CONST } from './opcodes.ts';

/** What an object of garbage collection is charged beside its fields or elements. */
export const OBJECT_HEADER_BYTES = 16;

/**
 * Bytes that the fields of a struct take, or one element of an array, of the type that the latest
 * instruction names.
 */
export function contentBytes(module: WasmModule, code: CodeReader): number {
  const type = module.types[code.values[0] ?? 0];
  return type === undefined || type.kind === 'func' ? 0 : type.bytes;
}

/**
 * Bytes of the objects that a module's constant expressions make when it is instantiated, before
 * any of its code runs.
 *
 * @param allowed whether there may be any.
 * @throws MeteringError `FeatureRefused` when there may not, and for an array whose length is not
 * written right there as a constant.
 */
export function constantObjectBytes(bytes: Uint8Array, module: WasmModule, allowed: boolean): number {
  // Most modules have no types of objects, and need no second walk.
  if (module.types.every(({ kind }) => kind === 'func')) return 0;
  let total = 0;
  /** What the instruction before the latest put on the stack, if it is a constant. */
  let constant: number | undefined;
  walkConstantExpressions(bytes, module, (code) => {
    const { costs } = code.instruction;
    if (costs.grows !== 'nothing') {
      if (!allowed) throw featureRefused(code.start, 'objects of garbage collection');
      total += OBJECT_HEADER_BYTES + contentBytes(module, code) * count(code, constant);
    }
    constant = code.firstByte === I32_CONST ? readS32(code.immediate(0)) >>> 0 : undefined;
  });
  return total;
}

/** How many elements an object has, or sets of fields. */
function count(code: CodeReader, constant: number | undefined): number {
  const { grows } = code.instruction.costs;
  if (grows === 'struct') return 1;
  if (grows === 'fixedArray') return code.values[1] ?? 0;
  if (constant === undefined)
    throw featureRefused(code.start, 'an array in a constant expression whose length is not a constant');
  return constant;
}
