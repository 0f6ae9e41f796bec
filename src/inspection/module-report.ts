import { isMetered } from '../metering/index.ts';
import { compilePlugin, formatFunctionType } from '../plugin/index.ts';
import { readIdentity } from '../protocol/identity.ts';
import { allWireFunctions, type PluginIdentity } from '../protocol/messages/index.ts';
import {
  functionType,
  type ModuleExport,
  readModule,
  readSections,
  type Section,
  sectionName,
  type WasmModule,
} from '../wasm/index.ts';
import { type FailureReport, reportedResult } from './failure-report.ts';
import { type AddedModules, type ImportProvider, importProviders } from './import-provider.ts';
import { exportTypeFormat, formatHex, formatImportType, memoriesOf } from './module-types.ts';

/**
 * A section. Offset and size are in bytes and include the fields id and size, so the header (8
 * bytes) and all sizes add up to the length of the module.
 */
export interface SectionReport {
  readonly id: number;
  /** The specification's name. */
  readonly name: string;
  /** The name of a custom section. */
  readonly customName?: string;
  readonly offset: number;
  readonly size: number;
}

/** An import: the type that the module asks for, and who provides it. */
export type ImportReport = {
  readonly module: string;
  readonly name: string;
  readonly kind: string;
  readonly type: string;
} & ImportProvider;

/** An export. Functions and memories have a type. */
export interface ExportReport {
  readonly name: string;
  readonly kind: string;
  readonly index: number;
  readonly type?: string;
}

/** A memory. Sizes are in pages of 64 KiB. */
export interface MemoryReport {
  readonly index: number;
  readonly imported: boolean;
  readonly minimumPages: number | bigint;
  readonly maximumPages?: number | bigint;
  readonly shared: boolean;
  readonly indexType: 'i32' | 'i64';
}

/**
 * A function of the protocol, and whether the module exports it with a type that a host can call:
 * `() -> (i32)` or `() -> ()`.
 */
export interface ProtocolFunctionReport {
  readonly name: string;
  readonly status: 'exported' | 'wrong type' | 'not exported';
  readonly type?: string;
}

/** What the bytes of a module say. Nothing is run. */
export interface ModuleReport {
  readonly file: string;
  /** The length of the file, in bytes. */
  readonly bytes: number;
  /** The first eight bytes at most, in hexadecimal: a module's magic and version. */
  readonly header: string;
  /** Whether the module is well-formed and the engine accepts it. */
  readonly valid: boolean;
  /** Whether the module has the section that preparation writes. */
  readonly prepared: boolean;
  /** Why the module is not valid. */
  readonly error?: FailureReport;
  /** The sections; those before the fault if the module is malformed. */
  readonly sections: readonly SectionReport[];
  /** What the sections say; missing if they cannot be read. */
  readonly contents?: ModuleContents;
  readonly identity?: PluginIdentity;
  /** Why the identity is missing. */
  readonly identityError?: FailureReport;
}

/** The contents of a module's sections. */
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

/**
 * The functions that a host looks for: the two of the protocol itself, then the wire functions
 * (abi/PROTOCOL.md, Layers 2 and 3).
 */
const PROTOCOL_FUNCTIONS = ['cc_lb_handshake', 'cc_lb_self_check', ...allWireFunctions];

/**
 * Reports on a module without running it.
 *
 * @param file the name of the file, for the report.
 * @param bytes any bytes, also those of no module.
 */
export function reportModule(file: string, bytes: Uint8Array): ModuleReport {
  const read = reportedResult(() => readModule(bytes));
  // Unmetered: a module may be valid without being fit for metering.
  const compiled = reportedResult(() => compilePlugin(bytes, { metering: false }));
  const fault = read.ok ? compiled : read;
  const prepared = compiled.ok && isMetered(compiled.value.module);
  const identity = reportedResult(() => readIdentity(bytes));
  return {
    file,
    bytes: bytes.length,
    header: formatHex(bytes.subarray(0, 8)),
    valid: fault.ok,
    prepared,
    ...(fault.ok ? {} : { error: fault.error }),
    sections: readableSections(bytes).map(reportSection),
    ...(read.ok ? { contents: reportContents(read.value, prepared ? addedModules(compiled.value.module) : {}) } : {}),
    ...(identity.ok ? { identity: identity.value } : { identityError: identity.error }),
  };
}

/** Nothing if the module has the section of metering but cannot be compiled as a prepared one. */
function addedModules(module: WebAssembly.Module): AddedModules {
  const compiled = reportedResult(() => compilePlugin(module));
  if (!compiled.ok) return {};
  const { metering, link } = compiled.value.preparation;
  return { meter: metering?.importModule, kernel: link?.importModule };
}

/** The sections before the first that cannot be read. */
function readableSections(bytes: Uint8Array): Section[] {
  const sections: Section[] = [];
  // readModule walks the same way and reports what stopped the walk.
  reportedResult(() => {
    for (const section of readSections(bytes)) sections.push(section);
  });
  return sections;
}

function reportSection({ id, name, offset, end }: Section): SectionReport {
  const report = { id, name: sectionName(id), offset, size: end - offset };
  return name === undefined ? report : { ...report, customName: name };
}

function reportContents(module: WasmModule, added: AddedModules): ModuleContents {
  const imported = module.imports.filter(({ kind }) => kind === 'function').length;
  const typeOf = exportTypeFormat(module);
  const providerOf = importProviders(module, added);
  return {
    imports: module.imports.map((wanted) => ({
      module: wanted.module,
      name: wanted.name,
      kind: wanted.kind,
      type: formatImportType(module, wanted),
      ...providerOf(wanted),
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
