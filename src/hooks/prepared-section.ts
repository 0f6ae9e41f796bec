import { translate } from '../failure.ts';
import { list, option, string, struct, u32 } from '../json/declare.ts';
import { decodeJsonBytes } from '../json/decode.ts';
import { JsonDecodeError } from '../json/text/decode-error.ts';
import { findPreparedMetering, type MeteringInfo } from '../metering/metering-section.ts';
import { versionFault } from '../section-version.ts';
import { ADDRESSABLE_PAGES } from '../wasm/encoding/pages.ts';
import { readJsonSection } from '../wasm/grammar/custom-sections.ts';
import { HookCompileError } from './compile-error.ts';
import { type CompiledHooks, compiledHooks, type LentMemory } from './compiled.ts';
import type { HookSection } from './custom-sections.ts';

/** The custom section that describes the {@link LentMemory}, as JSON. */
export const HOOKS_SECTION = 'cc_lb.hooks';

/** The version of the contents. */
const VERSION = 2;

const hooksSection = struct('HooksSection', {
  version: u32,
  importModule: string,
  sizeExport: string,
  minimum: u32,
  maximum: u32,
  changingGlobals: option(list(string)),
  sections: list(struct('SectionPlace', { name: string, offset: u32, count: u32 })),
});

/** Where a custom section of the hook ABI was in the original: engines do not tell. */
export type SectionPlace = Pick<HookSection, 'offset' | 'count'> & { readonly name: string };

/**
 * Writes the contents of the section.
 *
 * @returns JSON in UTF-8.
 */
export function writeHooksSection(memory: LentMemory, sections: readonly SectionPlace[]): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify({ version: VERSION, ...memory, sections }));
}

/**
 * Reads the sections of a module that the engine compiled from prepared bytes. They are trusted:
 * whoever passes a compiled module vouches for it (SECURITY.md).
 *
 * @throws HookCompileError `NotPrepared`
 */
export function preparedHooks(module: WebAssembly.Module): CompiledHooks {
  return readPreparedHooks(module).compiled;
}

/**
 * {@link preparedHooks}, and the places of the custom sections.
 *
 * @throws HookCompileError `NotPrepared`
 */
export function readPreparedHooks(module: WebAssembly.Module): PreparedHooks {
  const { memory, sections } = readHooksSection(module);
  const metering = findPreparedMetering(module);
  if (typeof metering === 'string') throw notPrepared(metering);
  checkMemory(module, memory, metering);
  return { compiled: compiledHooks(module, metering, memory), sections };
}

/** What the sections of a prepared module say. */
interface PreparedHooks {
  readonly compiled: CompiledHooks;
  readonly sections: readonly SectionPlace[];
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

function readHooksSection(module: WebAssembly.Module): {
  readonly memory: LentMemory;
  readonly sections: readonly SectionPlace[];
} {
  const [payload] = WebAssembly.Module.customSections(module, HOOKS_SECTION);
  if (payload === undefined)
    throw notPrepared('it was not prepared: give the bytes to prepareHooks, and make the module from the result');
  const found = versionOf(readJsonSection(module, HOOKS_SECTION));
  if (typeof found === 'number' && found !== VERSION) throw notPrepared(versionFault(HOOKS_SECTION, found, VERSION));
  const {
    version: _,
    sections,
    ...memory
  } = translate(
    () => decodeJsonBytes(hooksSection, new Uint8Array(payload)),
    JsonDecodeError,
    ({ message }, options) => notPrepared(`its custom section ${HOOKS_SECTION} cannot be read: ${message}`, options),
  );
  return { memory, sections };
}

function versionOf(written: unknown): unknown {
  return typeof written === 'object' && written !== null && 'version' in written ? written.version : undefined;
}

function notPrepared(reason: string, options?: ErrorOptions): HookCompileError {
  return new HookCompileError({ kind: 'NotPrepared', reason }, options);
}
