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
  rewriteModule,
  SECTION,
  sectionReader,
  type TakenIndices,
  type WasmModule,
} from '../wasm/index.ts';
import type { LentMemory } from './compiled.ts';
import { HOOKS_SECTION, PAGES_MAX, writeHooksSection } from './prepared-section.ts';

const MEMORY_SIZE = 0x3f;
const MEMORY_GROW = 0x40;
const IMPORT_MODULE = 'cc_lb.host';
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
 * @param bytes of a metered module that defines one memory of 32 bits, and imports none. A section
 * that describes a memory is left out: its author wrote it.
 * @throws WasmFormatError `LimitExceeded` if an addition would exceed a limit of engines.
 */
export function lendMemory(bytes: Uint8Array): {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly memory: LentMemory;
} {
  const module = readModule(bytes);
  const [declared] = module.memories;
  const minimum = Number(declared?.minimum ?? 0);
  const maximum = Math.min(Number(declared?.maximum ?? PAGES_MAX), PAGES_MAX);
  const memory = { importModule: IMPORT_MODULE, sizeExport: unusedName(module), minimum, maximum };

  const parts = new ModuleBuilder(takenIndices(bytes, module));
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
  parts.export(memory.sizeExport, 'global', size);
  parts.custom(HOOKS_SECTION, writeHooksSection(memory));
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

function takenIndices(bytes: Uint8Array, module: WasmModule): TakenIndices {
  const importedFunctions = module.imports.filter(({ kind }) => kind === 'function').length;
  const globals = module.sections.find(({ id }) => id === SECTION.global);
  return {
    types: module.types.length,
    importedFunctions,
    definedFunctions: module.functions.length - importedFunctions,
    memories: 0,
    globals: globals === undefined ? 0 : readU32(sectionReader(bytes, globals)),
  };
}

function unusedName({ exports }: WasmModule): string {
  let name = 'cc_lb.memory_size';
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
