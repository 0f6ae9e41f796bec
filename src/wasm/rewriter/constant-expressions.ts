import type { CodeReader } from '../code-reader.ts';
import { readU32 } from '../leb128.ts';
import type { WasmModule } from '../module.ts';
import { entryOfSection, sectionReader } from '../sections.ts';
import { EditList } from './edits.ts';
import { IndexEditor } from './index-editor.ts';
import { sectionElements } from './section-editor.ts';

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
  const holding = { table, global, element, data };
  for (const section of module.sections) {
    const part = entryOfSection(holding, section.id);
    if (part === undefined) continue;
    const contents = sectionReader(bytes, section);
    const count = readU32(contents);
    for (let index = 0; index < count; index++) part(contents, editor);
  }
}
