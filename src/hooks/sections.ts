import { recover, shortened, translate } from '../failure.ts';
import { readName } from '../wasm/encoding/names.ts';
import { readExport } from '../wasm/grammar/elements.ts';
import type { ModuleExport } from '../wasm/grammar/externals.ts';
import {
  readSections,
  readU32,
  readVector,
  SECTION,
  type Section,
  sectionReader,
  WasmFormatError,
} from '../wasm/index.ts';
import { CustomSections, type HookSections } from './custom-sections.ts';
import { HookInspectError } from './inspect-error.ts';

export type { HookSection, HookSections } from './custom-sections.ts';

/** The most characters of a name of an import in a failure. */
const NAME_MAX = 200;

/**
 * Reads a module once, from the first byte to the last, and reports the first fault in the bytes.
 * Code is not validated.
 *
 * @throws HookInspectError `WasmParseError`, `ImportsPresent`, `MalformedExport`,
 * `SchemaSectionSize`.
 */
export function readHookSections(bytes: Uint8Array): HookSections {
  return translate(
    () => walk(bytes),
    WasmFormatError,
    ({ message: reason, failure: fault }, options) =>
      new HookInspectError({ kind: 'WasmParseError', offset: fault.offset, reason, fault }, options),
  );
}

function walk(bytes: Uint8Array): HookSections {
  let exports: readonly ModuleExport[] = [];
  const custom = new CustomSections();
  for (const section of readSections(bytes)) {
    if (section.id === SECTION.import) refuseImports(bytes, section);
    if (section.id === SECTION.export) exports = readExports(bytes, section);
    const { name, contentOffset: offset, end } = section;
    if (name !== undefined) custom.add(name, bytes.subarray(offset, end), offset);
  }
  return { exports, custom: custom.byName };
}

/** Refuses a section with entries. cc-lb takes bytes after the last entry for one more entry. */
function refuseImports(bytes: Uint8Array, section: Section): void {
  const contents = sectionReader(bytes, section);
  const count = readU32(contents);
  if (count === 0 && contents.done) return;
  const first = recover(
    () => ({ module: shortened(readName(contents), NAME_MAX), name: shortened(readName(contents), NAME_MAX) }),
    WasmFormatError,
    () => undefined,
  );
  const failure = { kind: 'ImportsPresent', offset: section.offset, count: Math.max(1, count) } as const;
  throw new HookInspectError(first === undefined ? failure : { ...failure, first });
}

function readExports(bytes: Uint8Array, section: Section): readonly ModuleExport[] {
  const contents = sectionReader(bytes, section);
  const exports = translate(
    () => readVector(contents, readExport),
    WasmFormatError,
    ({ message: reason, failure: { offset } }, options) =>
      new HookInspectError({ kind: 'MalformedExport', offset, reason }, options),
  );
  if (contents.done) return exports;
  const { offset } = contents;
  throw new HookInspectError({ kind: 'MalformedExport', offset, reason: 'bytes follow the last export' });
}
