import { readU32 } from '../leb128.ts';
import type { WasmModule } from '../module.ts';
import { SECTION, sectionReader } from '../sections.ts';
import { EditList } from './edits.ts';
import { IndexEditor } from './index-editor.ts';
import { sectionElements } from './section-editor.ts';

const REFERRING_SECTIONS: readonly number[] = [SECTION.table, SECTION.global, SECTION.export, SECTION.element];

/**
 * The functions that a module refers to outside of its code, but for the start function. In a valid module code takes references to no
 * others (specification 3.4, `ref.func`), so whatever is not among them is called directly or not at all.
 *
 * @throws WasmFormatError for what the walk comes across.
 */
export function referencedFunctions(bytes: Uint8Array, module: WasmModule): ReadonlySet<number> {
  const found = new Set<number>();
  const note = (index: number): number => {
    found.add(index);
    return index;
  };
  const editor = new IndexEditor({ function: note }, new EditList());
  for (const section of module.sections) {
    const element = REFERRING_SECTIONS.includes(section.id) ? sectionElements[section.id] : undefined;
    if (element === undefined) continue;
    const contents = sectionReader(bytes, section);
    const count = readU32(contents);
    for (let index = 0; index < count; index++) element(contents, editor);
  }
  return found;
}
