import type { CodeReader } from './code-reader.ts';
import { type ElementVisitor, vectorElements, visitElements } from './elements.ts';
import { type InstructionIndexVisitor, visitIndices } from './instruction-indices.ts';
import type { WasmModule } from './module.ts';

const ignore = (): void => {};

/**
 * The functions that a module refers to outside its code, except the start function.
 *
 * In a valid module, code takes references to no others (specification 3.4, `ref.func`). So a
 * function that is not among them is only ever called directly.
 *
 * @param bytes of the module.
 * @param module what `readModule` returned for the bytes.
 * @returns function indices.
 * @throws WasmFormatError for malformed contents of the sections.
 */
export function referencedFunctions(bytes: Uint8Array, module: WasmModule): ReadonlySet<number> {
  const found = new Set<number>();
  const visitor: ElementVisitor & InstructionIndexVisitor = {
    index: (space, index) => {
      if (space === 'function') found.add(index);
    },
    heapTypeIndex: ignore,
    memarg: ignore,
    instruction: (code) => visitIndices(code, visitor),
  };
  const { table, global, export: exported, element } = vectorElements;
  visitElements(bytes, module.sections, { table, global, export: exported, element }, visitor);
  return found;
}

/**
 * Shows each instruction of a module's constant expressions: the initial values of globals and
 * tables, the entries of element segments, and the offsets of segments (specification 3.4.15,
 * "Constant Expressions").
 *
 * @param bytes of the module.
 * @param module what `readModule` returned for the bytes.
 * @param instruction gets the reader at each instruction. The `end` of an expression is one too.
 * @throws WasmFormatError for malformed contents of the sections; and what `instruction` throws.
 */
export function walkConstantExpressions(
  bytes: Uint8Array,
  module: WasmModule,
  instruction: (code: CodeReader) => void,
): void {
  const { table, global, element, data } = vectorElements;
  const visitor: ElementVisitor = { index: ignore, heapTypeIndex: ignore, instruction };
  visitElements(bytes, module.sections, { table, global, element, data }, visitor);
}
