import type { HostFunction } from '../kernel/index.ts';
import { isMetered } from '../metering/index.ts';
import { compilePlugin, formatFunctionType } from '../plugin/index.ts';
import { readIdentity } from '../protocol/identity.ts';
import { allWireFunctions, type PluginIdentity } from '../protocol/messages/index.ts';
import {
  functionType,
  type ModuleExport,
  type ModuleImport,
  readModule,
  readSections,
  type Section,
  sectionName,
  type WasmModule,
} from '../wasm/index.ts';
import { type FailureReport, reportFailure } from './failure-report.ts';
import { type ImportProvider, importProvider } from './import-provider.ts';
import { exportTypeFormat, formatHex, formatImportType, memoriesOf } from './module-types.ts';

/** A section. Offset and size are in bytes, id and size fields included: the 8 bytes of the header and all sizes make the module. */
export interface SectionReport {
  readonly id: number;
  /** The specification's name. */
  readonly name: string;
  /** The name of a custom section. */
  readonly customName?: string;
  readonly offset: number;
  readonly size: number;
}

/** An import, the type that the module asks for, and who provides it. */
export type ImportReport = {
  readonly module: string;
  readonly name: string;
  readonly kind: string;
  readonly type: string;
} & ImportProvider;

/** An export. The type is told for functions and memories. */
export interface ExportReport {
  readonly name: string;
  readonly kind: string;
  readonly index: number;
  readonly type?: string;
}

/** A memory: sizes are in pages of 64 KiB. */
export interface MemoryReport {
  readonly index: number;
  readonly imported: boolean;
  readonly minimumPages: number | bigint;
  readonly maximumPages?: number | bigint;
  readonly shared: boolean;
  readonly indexType: 'i32' | 'i64';
}

/** A function of the protocol, and whether the module exports it as one that can be called: `() -> (i32)` or `() -> ()`. */
export interface ProtocolFunctionReport {
  readonly name: string;
  readonly status: 'exported' | 'wrong type' | 'not exported';
  readonly type?: string;
}

/** What a module's bytes tell of it, without running anything. */
export interface ModuleReport {
  readonly file: string;
  /** The length of the file. */
  readonly bytes: number;
  /** The first bytes, at most eight, in hexadecimal: where a module has its magic and version. */
  readonly header: string;
  /** Whether the module is well-formed, and the engine accepts it. */
  readonly valid: boolean;
  /** Whether metering is written into it, as a section of its own says. */
  readonly prepared: boolean;
  /** Why it is not. */
  readonly error?: FailureReport;
  /** The sections; of a malformed module those before the fault. */
  readonly sections: readonly SectionReport[];
  /** What the sections say; missing when they cannot be read. */
  readonly contents?: ModuleContents;
  readonly identity?: PluginIdentity;
  /** Why there is no identity. */
  readonly identityError?: FailureReport;
}

/** What the sections of a module say. */
export interface ModuleContents {
  readonly imports: readonly ImportReport[];
  readonly exports: readonly ExportReport[];
  readonly memories: readonly MemoryReport[];
  readonly protocolFunctions: readonly ProtocolFunctionReport[];
  /** How many functions the module defines. */
  readonly definedFunctions: number;
  /** The index of the start function. */
  readonly start?: number;
}

/** The functions that a host looks for: the two of the protocol itself, then the wire functions (abi/PROTOCOL.md, Layers 2 and 3). */
const PROTOCOL_FUNCTIONS = ['cc_lb_handshake', 'cc_lb_self_check', ...allWireFunctions];

/**
 * Reports on a module.
 *
 * @param functions what the host gives to a plugin that it dispatches to, so that imports can be told apart.
 */
export function reportModule(file: string, bytes: Uint8Array, functions: readonly HostFunction[]): ModuleReport {
  const { value: module, error: readError } = attempt(() => readModule(bytes));
  // Unmetered: whether it is a module is asked, not whether a plugin may use all that it does.
  const { value: compiled, error: compileError } = attempt(() => compilePlugin(bytes, { metering: false }));
  const error = readError ?? compileError;
  const prepared = compiled !== undefined && isMetered(compiled.module);
  const added = prepared ? attempt(() => addedModules(compiled.module)).value : undefined;
  const identity = attempt(() => readIdentity(bytes));
  return {
    file,
    bytes: bytes.length,
    header: formatHex(bytes.subarray(0, 8)),
    valid: error === undefined,
    prepared,
    ...(error === undefined ? {} : { error }),
    sections: readableSections(bytes).map(reportSection),
    ...(module === undefined ? {} : { contents: reportContents(module, functions, added ?? {}) }),
    ...(identity.value === undefined ? {} : { identity: identity.value }),
    ...(identity.error === undefined ? {} : { identityError: identity.error }),
  };
}

/** The module names under which a prepared module imports what was written into it. */
interface AddedModules {
  readonly meter?: string | undefined;
  readonly kernel?: string | undefined;
}

function addedModules(module: WebAssembly.Module): AddedModules {
  const { metering, link } = compilePlugin(module).preparation;
  return { meter: metering?.importModule, kernel: link?.importModule };
}

type Attempt<T> =
  | { readonly value: T; readonly error?: undefined }
  | { readonly value?: undefined; readonly error: FailureReport };

function attempt<T>(read: () => T): Attempt<T> {
  try {
    return { value: read() };
  } catch (error) {
    return { error: reportFailure(error) };
  }
}

/** The sections up to the first that cannot be read. */
function readableSections(bytes: Uint8Array): Section[] {
  const sections: Section[] = [];
  // What stopped the walk is reported by readModule, which walks the same way.
  attempt(() => {
    for (const section of readSections(bytes)) sections.push(section);
  });
  return sections;
}

function reportSection({ id, name, offset, end }: Section): SectionReport {
  const report = { id, name: sectionName(id), offset, size: end - offset };
  return name === undefined ? report : { ...report, customName: name };
}

function reportContents(
  module: WasmModule,
  functions: readonly HostFunction[],
  { meter, kernel }: AddedModules,
): ModuleContents {
  const imported = module.imports.filter(({ kind }) => kind === 'function').length;
  const typeOf = exportTypeFormat(module);
  const provider = (wanted: ModuleImport): ImportProvider => {
    if (wanted.module === meter) return { provider: 'meter' };
    return wanted.module === kernel ? { provider: 'kernel' } : importProvider(module, wanted, functions);
  };
  return {
    imports: module.imports.map((wanted) => ({
      module: wanted.module,
      name: wanted.name,
      kind: wanted.kind,
      type: formatImportType(module, wanted),
      ...provider(wanted),
    })),
    exports: module.exports.map((exported) => reportExport(exported, typeOf(exported))),
    memories: memoriesOf(module).map(({ imported: isImported, limits }, index) => ({
      index,
      imported: isImported,
      minimumPages: limits.minimum,
      ...(limits.maximum === undefined ? {} : { maximumPages: limits.maximum }),
      shared: limits.shared,
      indexType: limits.indexType,
    })),
    protocolFunctions: PROTOCOL_FUNCTIONS.map((name) => reportProtocolFunction(module, name)),
    definedFunctions: module.functions.length - imported,
    ...(module.start === undefined ? {} : { start: module.start }),
  };
}

function reportExport(exported: ModuleExport, type: string | undefined): ExportReport {
  return type === undefined ? exported : { ...exported, type };
}

function reportProtocolFunction(module: WasmModule, name: string): ProtocolFunctionReport {
  const exported = module.exports.find((candidate) => candidate.name === name);
  if (exported === undefined) return { name, status: 'not exported' };
  const type = exported.kind === 'function' ? functionType(module, exported.index) : undefined;
  if (type === undefined) return { name, status: 'wrong type', type: exported.kind };
  const isCallable = type.params.length === 0 && (type.results.length === 0 || type.results.join() === 'i32');
  return { name, status: isCallable ? 'exported' : 'wrong type', type: formatFunctionType(type) };
}
