import { recover } from '../failure.ts';
import { adviceOn, isBytes, MODULE_BYTES, type ModuleSource, unsharedBytes } from '../module-source.ts';
import { isModule } from '../realms.ts';
import { readExport } from '../wasm/grammar/elements.ts';
import { readSections, readVector, SECTION, sectionReader, WasmFormatError } from '../wasm/index.ts';
import { type Generation, generationOfExports, type NamedExport } from './exports.ts';

export type { Generation } from './exports.ts';

/**
 * Tells which ABI a plugin speaks, from its exports. Runs nothing, and validates nothing else.
 *
 * @param wasm the bytes of a module, or a module that the engine compiled.
 * @returns `undefined` if it exports the functions of neither, or cannot be read.
 * @throws TypeError if `wasm` is neither bytes nor a module.
 */
export function generationOf(wasm: ModuleSource): Generation | undefined {
  return generationOfExports(isModule(wasm) ? WebAssembly.Module.exports(wasm) : readExports(wasm));
}

function readExports(wasm: ModuleSource): readonly NamedExport[] {
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
