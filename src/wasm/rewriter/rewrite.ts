import type { ByteReader } from '../encoding/byte-reader.ts';
import { ByteSink } from '../encoding/byte-sink.ts';
import { readU32 } from '../encoding/leb128.ts';
import type { WasmModule } from '../grammar/module.ts';
import { entryOfSection, SECTION, SECTION_ORDER, type Section, sectionReader } from '../grammar/sections.ts';
import { editBodies } from './code-editor.ts';
import { EditList } from './edits.ts';
import { IndexEditor } from './index-editor.ts';
import { mapNameSection } from './name-section.ts';
import type { Additions, RewritePlan } from './plan.ts';
import { sectionElements } from './section-editor.ts';

const HEADER_BYTES = 8;

/** Which additions go into which section. */
const ADDITIONS = {
  type: 'types',
  import: 'imports',
  function: 'functions',
  memory: 'memories',
  global: 'globals',
  export: 'exports',
  code: 'bodies',
} as const;

/** Custom sections whose contents are offsets into the code, which moves. They are left out rather than wrong. */
function holdsCodeOffsets(name: string): boolean {
  return (
    name.startsWith('metadata.code.') || name.startsWith('.debug_') || name.startsWith('reloc.') || name === 'linking'
  );
}

/**
 * Writes a module anew: its indices mapped, its functions as the plan has them, with the plan's additions.
 *
 * The module must be valid: out of an invalid one another module can come, valid or not. Whether it is valid an engine says
 * (`WebAssembly.validate`), and this function does not ask. Whatever the bytes are, it ends in time that grows linearly with them.
 *
 * @param module what `readModule` said of the bytes.
 * @throws WasmFormatError for what the walk comes across, `LimitExceeded` when an addition would pass an engine's limit.
 */
export function rewriteModule(bytes: Uint8Array, module: WasmModule, plan: RewritePlan): Uint8Array<ArrayBuffer> {
  // The code comes first: only after it the plan knows what it adds to the sections before.
  const code = rewriteCode(bytes, module, plan);
  const additions = plan.additions();
  const sink = new ByteSink(bytes.length + code.length);
  sink.copy(bytes, 0, HEADER_BYTES);

  let place = 0;
  const addMissing = (before: number): void => {
    for (; place < before; place++) writeAdded(SECTION_ORDER[place] ?? 0, additions, code, sink);
  };
  for (const section of module.sections) {
    const ordered = SECTION_ORDER.indexOf(section.id);
    if (ordered >= 0) {
      addMissing(ordered);
      place = ordered + 1;
    }
    if (plan.drop?.(section) !== true) writeSection(bytes, section, plan, additions, code, sink);
  }
  addMissing(SECTION_ORDER.length);
  for (const custom of additions.customs ?? []) sink.append(custom);
  return sink.view();
}

/** The bodies of the code section, added ones included, without the vector's length. */
function rewriteCode(bytes: Uint8Array, module: WasmModule, plan: RewritePlan): ByteSink {
  const section = module.sections.find(({ id }) => id === SECTION.code);
  const sink = new ByteSink(section === undefined ? 0 : (section.end - section.contentOffset) * 2);
  if (section === undefined) return sink;
  const contents = sectionReader(bytes, section);
  const count = readU32(contents);
  editBodies(contents, count, module.functions.length - count, plan, sink);
  return sink;
}

function writeSection(
  bytes: Uint8Array,
  section: Section,
  plan: RewritePlan,
  additions: Additions,
  code: ByteSink,
  sink: ByteSink,
): void {
  if (section.name !== undefined) writeCustom(bytes, section, section.name, plan, sink);
  else if (section.id === SECTION.code) {
    writeVector(section.id, readU32(sectionReader(bytes, section)), code.view(), additions.bodies ?? [], sink);
  } else if (section.id === SECTION.start) writeStart(bytes, section, plan, sink);
  else {
    const elements = entryOfSection(sectionElements, section.id);
    if (elements === undefined) sink.copy(bytes, section.offset, section.end);
    else {
      const contents = sectionReader(bytes, section);
      const count = readU32(contents);
      const added = entryOfSection(ADDITIONS, section.id);
      const dropped = section.id === SECTION.import ? plan.dropImport : undefined;
      const { bytes: mapped, kept } = mapElements(contents, count, elements, plan, dropped);
      writeVector(section.id, kept, mapped, added === undefined ? [] : (additions[added] ?? []), sink);
    }
  }
}

/** A section that the original does not have, when something is added to it. */
function writeAdded(id: number, additions: Additions, code: ByteSink, sink: ByteSink): void {
  const name = entryOfSection(ADDITIONS, id);
  const added = name === undefined ? [] : (additions[name] ?? []);
  if (added.length > 0) writeVector(id, 0, id === SECTION.code ? code.view() : new Uint8Array(0), added, sink);
}

function mapElements(
  contents: ByteReader,
  count: number,
  element: (reader: ByteReader, editor: IndexEditor) => void,
  plan: RewritePlan,
  dropped?: (place: number) => boolean,
): { readonly bytes: Uint8Array; readonly kept: number } {
  const start = contents.offset;
  const edits = new EditList();
  const editor = new IndexEditor(plan.indices, edits);
  const passing = new IndexEditor({}, new EditList());
  let kept = 0;
  for (let index = 0; index < count; index++) {
    const from = contents.offset;
    if (dropped?.(index) === true) {
      element(contents, passing);
      edits.replaceByBytes(from, contents.offset, []);
    } else {
      element(contents, editor);
      kept++;
    }
  }
  const sink = new ByteSink(contents.end - start);
  edits.apply(contents.bytes, start, contents.end, sink);
  return { bytes: sink.view(), kept };
}

function writeVector(
  id: number,
  count: number,
  elements: Uint8Array,
  added: readonly (readonly number[])[],
  sink: ByteSink,
): void {
  const length = new ByteSink(5);
  length.u32(count + added.length);
  sink.byte(id);
  sink.u32(added.reduce((size, element) => size + element.length, length.length + elements.length));
  sink.append(length.view());
  sink.append(elements);
  for (const element of added) sink.bytes(element);
}

function writeStart(bytes: Uint8Array, section: Section, plan: RewritePlan, sink: ByteSink): void {
  const index = readU32(sectionReader(bytes, section));
  const content = new ByteSink(5);
  content.u32(plan.indices.function?.(index) ?? index);
  sink.byte(SECTION.start);
  sink.u32(content.length);
  sink.append(content.view());
}

function writeCustom(bytes: Uint8Array, section: Section, name: string, plan: RewritePlan, sink: ByteSink): void {
  if (holdsCodeOffsets(name)) return;
  if (name !== 'name') {
    sink.copy(bytes, section.offset, section.end);
    return;
  }
  const contents = sectionReader(bytes, section);
  const mapped = mapNameSection(contents, plan.names ?? plan.indices);
  if (mapped === undefined) return;
  // The name's own length and text, `04 name`, stand right before the contents.
  const nameLength = NAME.length + 1;
  sink.byte(SECTION.custom);
  sink.u32(nameLength + mapped.length);
  sink.byte(NAME.length);
  sink.append(NAME);
  sink.append(mapped);
}

const NAME = /* @__PURE__ */ new TextEncoder().encode('name');
