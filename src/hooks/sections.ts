import { recover, shortened, translate } from '../failure.ts';
import { readName } from '../wasm/encoding/names.ts';
import { type ModuleExport, readExport } from '../wasm/grammar/elements.ts';
import {
  readSections,
  readU32,
  readVector,
  SECTION,
  type Section,
  sectionReader,
  WasmFormatError,
} from '../wasm/index.ts';
import { FINGERPRINT_SIZE } from './fingerprint.ts';
import { hooks } from './hook.ts';
import { HookInspectError } from './inspect-error.ts';
import { METADATA_SECTION_NAME } from './metadata.ts';

/** The most characters of a name of an import in a failure. */
const NAME_MAX = 200;

const SCHEMA_PREFIX = 'cc_lb.schema.';

/** A custom section of the hook ABI. The last of one name counts. */
export interface HookSection {
  readonly payload: Uint8Array;
  /**
   * The offset of the payload, in bytes from the start of the module; 0 if the engine compiled the
   * module, and keeps the bytes to itself.
   */
  readonly offset: number;
  /** How many sections have this name. */
  readonly count: number;
}

/** What inspection needs of a module's sections. */
export interface HookSections {
  readonly exports: readonly { readonly name: string; readonly kind: string }[];
  /** The sections of the hook ABI by name. */
  readonly custom: ReadonlyMap<string, HookSection>;
}

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

/**
 * {@link readHookSections} for a module that the engine compiled from prepared bytes. What
 * preparation added has none of the names that inspection looks for.
 *
 * @throws HookInspectError `SchemaSectionSize`.
 */
export function preparedHookSections(module: WebAssembly.Module): HookSections {
  const custom = new CustomSections();
  for (const name of [METADATA_SECTION_NAME, ...hooks.map(({ schemaSection }) => schemaSection)])
    for (const payload of WebAssembly.Module.customSections(module, name)) custom.add(name, new Uint8Array(payload), 0);
  return { exports: WebAssembly.Module.exports(module), custom: custom.byName };
}

/** Collects the custom sections of the hook ABI. */
class CustomSections {
  readonly byName = new Map<string, HookSection>();

  /** @throws HookInspectError `SchemaSectionSize`. */
  add(name: string, payload: Uint8Array, offset: number): void {
    const isSchema = name.startsWith(SCHEMA_PREFIX);
    const size = payload.length;
    if (isSchema && size !== FINGERPRINT_SIZE)
      throw new HookInspectError({ kind: 'SchemaSectionSize', offset, section: name, size });
    if (isSchema || name === METADATA_SECTION_NAME)
      this.byName.set(name, { payload, offset, count: (this.byName.get(name)?.count ?? 0) + 1 });
  }
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
