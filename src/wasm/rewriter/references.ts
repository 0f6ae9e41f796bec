import type { WasmModule } from '../grammar/module.ts';
import { EditList } from './edits.ts';
import { IndexEditor } from './index-editor.ts';
import { sectionElements, walkElements } from './section-editor.ts';

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
  const { table, global, export: exported, element } = sectionElements;
  walkElements(bytes, module, { table, global, export: exported, element }, editor);
  return found;
}
