import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { readModule, readSections, WasmFormatError, type WasmModule } from '../../../src/wasm/index.ts';
import { leb, moduleOf } from '../../support/bytes.ts';
import { parseModule } from '../../support/wasm-parser.ts';
import { mutatedModules } from './mutated-modules.ts';
import { property } from './property.ts';

/** Sections with random contents. Some declare a wrong size. */
const randomSections = fc
  .array(fc.tuple(fc.nat(15), fc.uint8Array({ maxLength: 12 }), fc.constantFrom(0, 0, 0, -1, 1, 300)), { maxLength: 6 })
  .map((parts) =>
    moduleOf(...parts.map(([id, contents, lie]) => [id, ...leb(Math.max(0, contents.length + lie)), ...contents])),
  );

function read(bytes: Uint8Array): WasmModule | WasmFormatError {
  try {
    const module = readModule(bytes);
    assert.equal([...readSections(bytes)], module.sections);
    return module;
  } catch (error) {
    if (error instanceof WasmFormatError) return error;
    throw error;
  }
}

/** The sections that the other parser finds. It refuses many valid modules. */
function parsed(bytes: Uint8Array): ReturnType<typeof parseModule> | undefined {
  try {
    return parseModule(bytes);
  } catch {
    return undefined;
  }
}

/**
 * The reader reads every module that an engine accepts, to the last byte, and agrees with another
 * parser and the engine.
 */
export const sections = property<Uint8Array>({
  name: 'sections',
  oracle: 'WebAssembly.validate, WebAssembly.Module and @webassemblyjs/wasm-parser',
  values: fc.oneof({ weight: 3, arbitrary: mutatedModules }, { weight: 1, arbitrary: randomSections }),
  check: (bytes) => {
    const module = read(bytes);
    const owned = new Uint8Array(bytes);
    if (!WebAssembly.validate(owned)) {
      if (module instanceof WasmFormatError) {
        const { offset } = module.failure;
        assert.ok(offset >= 0 && offset <= bytes.length, `the fault is at ${offset} of ${bytes.length}`);
      }
      return;
    }
    if (module instanceof WasmFormatError) throw module;
    assert.is(module.sections.at(-1)?.end ?? 8, bytes.length);
    const compiled = new WebAssembly.Module(owned);
    const externals = (found: readonly { readonly name: string; readonly kind: string }[]): string[] =>
      found.map(({ name, kind }) => `${kind} ${name}`);
    assert.equal(externals(module.exports), externals(WebAssembly.Module.exports(compiled)));
    assert.equal(externals(module.imports), externals(WebAssembly.Module.imports(compiled)));
    // The other parser may take minutes for malformed names.
    const named = module.sections.some(({ name }) => name === 'name');
    const other = named ? undefined : parsed(bytes);
    if (other === undefined) return;
    assert.is(module.types.length, other.types.length);
    assert.is(module.exports.length, other.exports.length);
  },
});
