import type { Additions } from '../emit/module-builder.ts';
import { type Encoded, writeSection } from '../emit/section-writer.ts';
import type { ByteReader } from '../encoding/byte-reader.ts';
import { ByteSink } from '../encoding/byte-sink.ts';
import { encodeUnsigned, readU32 } from '../encoding/leb128.ts';
import { encodeName } from '../encoding/names.ts';
import { type ElementReader, integerElements, vectorElements } from '../grammar/elements.ts';
import type { WasmModule } from '../grammar/module.ts';
import {
  entryOfSection,
  MODULE_HEADER,
  SECTION,
  SECTION_ORDER,
  type Section,
  sectionReader,
} from '../grammar/sections.ts';
import { mapBodies } from './code-editor.ts';
import { EditList } from './edits.ts';
import { IndexEditor } from './index-editor.ts';
import { mapNameSection } from './name-section.ts';
import type { RewritePlan } from './plan.ts';

/** The additions of each section. */
const ADDITIONS = {
  type: 'types',
  import: 'imports',
  function: 'functions',
  memory: 'memories',
  global: 'globals',
  export: 'exports',
  code: 'functions',
} as const satisfies { readonly [N in keyof typeof SECTION]?: keyof Additions };

/** Whether a custom section holds offsets into the code, which would be wrong in the new module. */
function holdsCodeOffsets(name: string): boolean {
  return (
    name.startsWith('metadata.code.') || name.startsWith('.debug_') || name.startsWith('reloc.') || name === 'linking'
  );
}

/**
 * Rewrites a module: maps its indices, edits its functions and adds to its sections.
 *
 * The module must be valid, which only an engine can tell (`WebAssembly.validate`); this function
 * does not ask. An invalid module may be rewritten to a valid one. The time is linear in the length
 * of the bytes, whatever they are.
 *
 * @param bytes of the module.
 * @param module what `readModule` returned for the bytes.
 * @param plan what to change.
 * @returns the bytes of the new module.
 * @throws WasmFormatError for malformed contents; `LimitExceeded` if an addition would exceed a
 * limit of engines.
 */
export function rewriteModule(bytes: Uint8Array, module: WasmModule, plan: RewritePlan): Uint8Array<ArrayBuffer> {
  // The code first: afterwards the plan knows what it adds to the sections before.
  const code = rewriteCode(bytes, module, plan);
  const rewrite: Rewrite = { bytes, plan, additions: plan.additions(), code };
  const sink = new ByteSink(bytes.length + code.length);
  sink.copy(bytes, 0, MODULE_HEADER.length);

  // How many entries of `SECTION_ORDER` are done.
  let done = 0;
  const addMissing = (before: number): void => {
    for (; done < before; done++) writeAdded(SECTION_ORDER[done] ?? 0, rewrite, sink);
  };
  for (const section of module.sections) {
    const ordered = SECTION_ORDER.indexOf(section.id);
    if (ordered >= 0) {
      addMissing(ordered);
      done = ordered + 1;
    }
    if (plan.drop?.(section) !== true) writeRewritten(section, rewrite, sink);
  }
  addMissing(SECTION_ORDER.length);
  for (const custom of rewrite.additions.customs ?? []) sink.append(custom);
  return sink.view();
}

/** A rewrite whose plan has seen the code. */
interface Rewrite {
  /** Of the original module. */
  readonly bytes: Uint8Array;
  readonly plan: RewritePlan;
  readonly additions: Additions;
  /** The rewritten bodies, without the length of the vector. */
  readonly code: ByteSink;
}

function rewriteCode(bytes: Uint8Array, { sections }: WasmModule, plan: RewritePlan): ByteSink {
  const section = sections.find(({ id }) => id === SECTION.code);
  const sink = new ByteSink(section === undefined ? 0 : (section.end - section.contentOffset) * 2);
  if (section === undefined) return sink;
  const contents = sectionReader(bytes, section);
  const count = readU32(contents);
  if (plan.bodies === undefined) mapBodies(contents, count, plan.indices, sink);
  else plan.bodies(contents, count, sink);
  return sink;
}

function writeRewritten(section: Section, rewrite: Rewrite, sink: ByteSink): void {
  const { bytes, plan, additions } = rewrite;
  const contents = sectionReader(bytes, section);
  const readElement = entryOfSection(vectorElements, section.id);
  if (section.name !== undefined) writeCustom(section, section.name, rewrite, sink);
  else if (section.id === SECTION.code) {
    writeCode(sink, readU32(contents), rewrite);
  } else if (section.id === SECTION.start) {
    const start = integerElements.start(contents);
    writeSection(sink, section.id, [encodeUnsigned(plan.indices.function?.(start) ?? start)]);
  } else if (readElement !== undefined) {
    const dropped = section.id === SECTION.import ? plan.dropImport : undefined;
    const { bytes: mapped, kept } = mapElements(contents, readElement, plan, dropped);
    writeVector(sink, section.id, kept, mapped, addedTo(section.id, additions));
  } else sink.copy(bytes, section.offset, section.end);
}

/** Writes the code section. @param count how many of the original's bodies it has. */
function writeCode(sink: ByteSink, count: number, { code, additions }: Rewrite): void {
  const { functions = [], bodies = new Uint8Array(0) } = additions;
  writeSection(sink, SECTION.code, [encodeUnsigned(count + functions.length), code.view(), bodies]);
}

/** Writes a section that the original does not have, if something is added to it. */
function writeAdded(id: number, rewrite: Rewrite, sink: ByteSink): void {
  const added = addedTo(id, rewrite.additions) ?? [];
  if (added.length === 0) return;
  if (id === SECTION.code) writeCode(sink, 0, rewrite);
  else writeVector(sink, id, 0, new Uint8Array(0), added);
}

function addedTo(id: number, additions: Additions): readonly Encoded[] | undefined {
  const name = entryOfSection(ADDITIONS, id);
  return name === undefined ? undefined : additions[name];
}

/** Maps the indices in the elements of a section. Leaves out elements that are dropped. */
function mapElements(
  contents: ByteReader,
  readElement: ElementReader<unknown>,
  plan: RewritePlan,
  dropped?: (index: number) => boolean,
): { readonly bytes: Uint8Array; readonly kept: number } {
  const count = readU32(contents);
  const start = contents.offset;
  const edits = new EditList();
  const editor = new IndexEditor(plan.indices, edits);
  let kept = 0;
  for (let index = 0; index < count; index++) {
    const from = contents.offset;
    if (dropped?.(index) === true) {
      readElement(contents);
      edits.replaceByBytes(from, contents.offset, []);
    } else {
      readElement(contents, editor);
      kept++;
    }
  }
  const sink = new ByteSink(contents.end - start);
  edits.apply(contents.bytes, start, contents.end, sink);
  return { bytes: sink.view(), kept };
}

/** @param elements encoded, `count` of them. */
function writeVector(
  sink: ByteSink,
  id: number,
  count: number,
  elements: Uint8Array,
  added: readonly Encoded[] = [],
): void {
  writeSection(sink, id, [encodeUnsigned(count + added.length), elements, ...added]);
}

function writeCustom(section: Section, name: string, { bytes, plan }: Rewrite, sink: ByteSink): void {
  if (holdsCodeOffsets(name)) return;
  if (name !== 'name') {
    sink.copy(bytes, section.offset, section.end);
    return;
  }
  const mapped = mapNameSection(sectionReader(bytes, section), plan.names ?? plan.indices, plan.bodies === undefined);
  if (mapped !== undefined) writeSection(sink, SECTION.custom, [encodeName(name), mapped]);
}
