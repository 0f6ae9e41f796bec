import type { CodeReader, WasmModule } from '../../wasm/index.ts';

/** What an object of garbage collection is charged beside its fields or elements. */
export const OBJECT_HEADER_BYTES = 16;

/** Bytes that the fields of a struct take, or one element of an array, of the type that the latest instruction names. */
export function contentBytes(module: WasmModule, code: CodeReader): number {
  const type = module.types[code.values[0] ?? 0];
  return type === undefined || type.kind === 'func' ? 0 : type.bytes;
}
