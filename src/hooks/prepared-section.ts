import { translate } from '../failure.ts';
import { list, option, string, struct, u32 } from '../json/declare.ts';
import { decodeJsonBytes } from '../json/decode.ts';
import { JsonDecodeError } from '../json/text/decode-error.ts';
import { findMeteringInfo, type MeteringInfo } from '../metering/metering-section.ts';
import { ADDRESSABLE_PAGES } from '../wasm/encoding/types.ts';
import { HookCompileError } from './compile-error.ts';
import { type CompiledHooks, compiledHooks, type LentMemory } from './compiled.ts';

/** The custom section that describes the {@link LentMemory}, as JSON. */
export const HOOKS_SECTION = 'cc_lb.hooks';

/** The version of the contents. */
const VERSION = 1;

const hooksSection = struct('HooksSection', {
  version: u32,
  importModule: string,
  sizeExport: string,
  minimum: u32,
  maximum: u32,
  changingGlobals: option(list(string)),
});

/**
 * Writes the contents of the section.
 *
 * @returns JSON in UTF-8.
 */
export function writeHooksSection(memory: LentMemory): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify({ version: VERSION, ...memory }));
}

/**
 * Reads the sections of a module that the engine compiled from prepared bytes. They are trusted:
 * whoever passes a compiled module vouches for it (SECURITY.md).
 *
 * @throws HookCompileError `NotPrepared`
 */
export function preparedHooks(module: WebAssembly.Module): CompiledHooks {
  const memory = readHooksSection(module);
  const metering = findMeteringInfo(module);
  if (typeof metering === 'string') throw notPrepared(`it must be ${metering}`);
  checkMemory(module, memory, metering);
  return compiledHooks(module, metering, memory);
}

/** Checks that the module has the memory which its sections describe. */
function checkMemory(module: WebAssembly.Module, memory: LentMemory, { initialPages }: MeteringInfo): void {
  const { importModule, sizeExport, minimum, maximum, changingGlobals } = memory;
  const imports = WebAssembly.Module.imports(module);
  const exports = WebAssembly.Module.exports(module);
  const isImported = imports.some(({ kind, module }) => kind === 'memory' && module === importModule);
  const globals = new Set(exports.flatMap(({ kind, name }) => (kind === 'global' ? [name] : [])));
  const hasGlobals = [sizeExport, ...(changingGlobals ?? [])].every((name) => globals.has(name));
  if (!isImported || !hasGlobals || minimum !== initialPages || minimum > maximum || maximum > ADDRESSABLE_PAGES)
    throw notPrepared(`its custom section ${HOOKS_SECTION} describes another memory than it has`);
}

function readHooksSection(module: WebAssembly.Module): LentMemory {
  const [payload] = WebAssembly.Module.customSections(module, HOOKS_SECTION);
  if (payload === undefined) throw notPrepared(`it has no custom section ${HOOKS_SECTION}`);
  const { version, ...memory } = translate(
    () => decodeJsonBytes(hooksSection, new Uint8Array(payload)),
    JsonDecodeError,
    ({ message }, options) => notPrepared(`its custom section ${HOOKS_SECTION} cannot be read: ${message}`, options),
  );
  if (version === VERSION) return memory;
  throw notPrepared(`its custom section ${HOOKS_SECTION} has version ${version}, this package reads ${VERSION}`);
}

function notPrepared(reason: string, options?: ErrorOptions): HookCompileError {
  return new HookCompileError({ kind: 'NotPrepared', reason }, options);
}
