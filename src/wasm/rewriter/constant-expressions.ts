import type { CodeReader } from '../grammar/code-reader.ts';
import type { WasmModule } from '../grammar/module.ts';
import { EditList } from './edits.ts';
import { IndexEditor } from './index-editor.ts';
import { sectionElements, walkElements } from './section-editor.ts';

/**
 * Shows each instruction of a module's constant expressions: those that give globals, tables and element segments their contents, and segments
 * their places (specification 3.4.15, "Constant Expressions").
 *
 * @param look gets the reader after each instruction; the `end` of an expression is one too.
 * @throws WasmFormatError for what the walk comes across, and what `look` throws.
 */
export function walkConstantExpressions(bytes: Uint8Array, module: WasmModule, look: (code: CodeReader) => void): void {
  const editor = new IndexEditor({}, new EditList(), look);
  const { table, global, element, data } = sectionElements;
  walkElements(bytes, module, { table, global, element, data }, editor);
}
