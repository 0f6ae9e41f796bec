import { recover } from '../failure.ts';
import { adviceOn, isBytes, MODULE_BYTES, type ModuleSource, unsharedBytes } from '../module-source.ts';
import { isModule } from '../realms.ts';
import { readExport } from '../wasm/grammar/elements.ts';
import { readSections, readVector, SECTION, sectionReader, WasmFormatError } from '../wasm/index.ts';

/**
 * Which plugin ABI a module speaks: 1 is the protocol over the Extism kernel, which `admit` takes;
 * 2 is the hook ABI, which `admitHooks` takes.
 */
export type Generation = 1 | 2;

/**
 * Functions that only plugins of one generation export. The first that a module exports decides.
 * One with the marks of both is taken for 2. The hooks are for a plugin that lacks its allocator.
 */
const marks: readonly (readonly [name: string, Generation])[] = [
  ['cc_lb_alloc', 2],
  ['cc_lb_handshake', 1],
  ['cc_lb_filter', 2],
  ['cc_lb_shape', 2],
];

/**
 * Tells which ABI a plugin speaks, from its exports. Runs nothing, and validates nothing else.
 *
 * @param wasm the bytes of a module, or a module that the engine compiled.
 * @returns `undefined` if it exports the functions of neither, or cannot be read.
 * @throws TypeError if `wasm` is neither bytes nor a module.
 */
export function generationOf(wasm: ModuleSource): Generation | undefined {
  const names = exportedFunctions(wasm);
  return marks.find(([name]) => names.has(name))?.[1];
}

function exportedFunctions(wasm: ModuleSource): ReadonlySet<string> {
  const exports = isModule(wasm) ? WebAssembly.Module.exports(wasm) : readExports(wasm);
  return new Set(exports.filter(({ kind }) => kind === 'function').map(({ name }) => name));
}

function readExports(wasm: ModuleSource): readonly { readonly name: string; readonly kind: string }[] {
  const bytes = isBytes(wasm) ? unsharedBytes(wasm) : undefined;
  if (bytes === undefined)
    throw new TypeError(`wasm must be ${MODULE_BYTES}, or a WebAssembly.Module${adviceOn(wasm)}`);
  return recover(
    () => {
      for (const section of readSections(bytes))
        if (section.id === SECTION.export) return readVector(sectionReader(bytes, section), readExport);
      return [];
    },
    WasmFormatError,
    () => [],
  );
}
