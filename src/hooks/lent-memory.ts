import { ADDRESSABLE_PAGES } from '../wasm/encoding/pages.ts';
import { vectorElements } from '../wasm/grammar/elements.ts';
import type { GlobalType } from '../wasm/grammar/externals.ts';
import {
  assemble,
  ByteReader,
  type ByteSink,
  CodeReader,
  EditList,
  encodeName,
  encodeUnsigned,
  ModuleBuilder,
  readLocals,
  readModule,
  readU32,
  readVector,
  rewriteModule,
  SECTION,
  sectionReader,
  type TakenIndices,
  type WasmModule,
} from '../wasm/index.ts';
import type { LentMemory } from './compiled.ts';
import { HOOKS_SECTION, type SectionPlace, writeHooksSection } from './prepared-section.ts';

const MEMORY_SIZE = 0x3f;
const MEMORY_GROW = 0x40;
const IMPORT_MODULE = 'cc_lb.host';
const SIZE_EXPORT = 'cc_lb.memory_size';
const GLOBAL_EXPORT = 'cc_lb.global.';
const MEMORY_KIND = 0x02;
const HAS_MAXIMUM = 0x01;

/** The function that stands for `memory.grow`. The memory itself never shrinks. */
const GROW = `
  global.get $size
  i32.const MAXIMUM
  global.get $size
  i32.sub
  local.get $pages
  i32.lt_u
  if
    i32.const -1
    return
  end
  global.get $size
  local.get $pages
  i32.add
  memory.size
  i32.gt_u
  if
    global.get $size
    local.get $pages
    i32.add
    memory.size
    i32.sub
    memory.grow
    i32.const -1
    i32.eq
    if
      i32.const -1
      return
    end
  end
  global.get $size
  local.get $pages
  i32.add
  global.set $size
`;

/**
 * Makes a module import its only memory, so that a host can lend one memory to one instance after
 * another. The plugin sees the size that a memory of its own would have. A custom section describes
 * the memory.
 *
 * @param bytes of a metered module that defines one memory of 32 bits, and imports none. If the
 * plugin's author wrote a section of that name, it is left out.
 * @param changesTables whether the plugin changes tables, or drops segments.
 * @param sections the custom sections of the plugin's own module.
 * @throws WasmFormatError `LimitExceeded` if an addition would exceed a limit of engines.
 */
export function lendMemory(
  bytes: Uint8Array,
  changesTables: boolean,
  sections: readonly SectionPlace[],
): {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly memory: LentMemory;
} {
  const module = readModule(bytes);
  const [declared] = module.memories;
  const minimum = Number(declared?.minimum ?? 0);
  const maximum = Math.min(Number(declared?.maximum ?? ADDRESSABLE_PAGES), ADDRESSABLE_PAGES);
  const sizeExport = unusedName(module, SIZE_EXPORT);
  const globals = definedGlobals(bytes, module);

  const parts = new ModuleBuilder(takenIndices(module, globals.length));
  const size = parts.global('i32', true, BigInt(minimum));
  const scope = {
    locals: new Map([['pages', 0]]),
    globals: new Map([['size', size]]),
    functions: new Map<string, number>(),
    memory: 0,
  };
  const grow = parts.function(
    { params: ['i32'], results: ['i32'] },
    [],
    assemble(GROW.replace('MAXIMUM', String(maximum)), scope),
  );
  parts.export(sizeExport, 'global', size);
  const changing = changesTables ? null : exportChanging(globals, module, parts);
  const changingGlobals = changing && [sizeExport, ...changing];
  const memory = { importModule: IMPORT_MODULE, sizeExport, minimum, maximum, changingGlobals };
  parts.custom(HOOKS_SECTION, writeHooksSection(memory, sections));
  const limits = [HAS_MAXIMUM, ...encodeUnsigned(minimum), ...encodeUnsigned(maximum)];
  const imported = [...encodeName(IMPORT_MODULE), ...encodeName('memory'), MEMORY_KIND, ...limits];
  const rewritten = rewriteModule(bytes, module, {
    indices: {},
    drop: ({ id, name }) => id === SECTION.memory || name === HOOKS_SECTION,
    bodies: (contents, count, sink) => replaceInBodies(contents, count, sink, size, grow),
    additions: () => ({ ...parts.additions(), imports: [imported] }),
  });
  return { bytes: rewritten, memory };
}

function takenIndices(module: WasmModule, globals: number): TakenIndices {
  const importedFunctions = module.imports.filter(({ kind }) => kind === 'function').length;
  return {
    types: module.types.length,
    importedFunctions,
    definedFunctions: module.functions.length - importedFunctions,
    memories: 0,
    globals,
  };
}

function definedGlobals(bytes: Uint8Array, { sections }: WasmModule): readonly GlobalType[] {
  const section = sections.find(({ id }) => id === SECTION.global);
  return section === undefined ? [] : readVector(sectionReader(bytes, section), vectorElements.global);
}

/** Exports the globals that can change. @returns their names; `null` if one is not an integer. */
function exportChanging(
  globals: readonly GlobalType[],
  module: WasmModule,
  parts: ModuleBuilder,
): readonly string[] | null {
  const names: string[] = [];
  for (const [index, { valueType, mutable }] of globals.entries()) {
    if (!mutable) continue;
    // JavaScript does not keep the bits of a float that is not a number.
    if (valueType !== 'i32' && valueType !== 'i64') return null;
    const name = unusedName(module, `${GLOBAL_EXPORT}${index}`);
    parts.export(name, 'global', index);
    names.push(name);
  }
  return names;
}

function unusedName({ exports }: WasmModule, wanted: string): string {
  let name = wanted;
  while (exports.some((each) => each.name === name)) name += '_';
  return name;
}

/** Replaces `memory.size` and `memory.grow` in all bodies. */
function replaceInBodies(contents: ByteReader, count: number, sink: ByteSink, size: number, grow: number): void {
  const edits = new EditList();
  const code = new CodeReader(new ByteReader(contents.bytes));
  const readSize = [0x23, ...encodeUnsigned(size)];
  const callGrow = [0x10, ...encodeUnsigned(grow)];
  for (let index = 0; index < count; index++) {
    const body = contents.part(readU32(contents), 'a function body');
    const { offset: start } = body;
    edits.clear();
    readLocals(body);
    code.into(body);
    while (!code.done) {
      code.next();
      if (code.firstByte === MEMORY_SIZE) edits.replaceByBytes(code.start, code.end, readSize);
      if (code.firstByte === MEMORY_GROW) edits.replaceByBytes(code.start, code.end, callGrow);
    }
    const begin = sink.beginSized(body.end - start);
    edits.apply(body.bytes, start, body.end, sink);
    sink.endSized(begin, body.end - start);
  }
}
