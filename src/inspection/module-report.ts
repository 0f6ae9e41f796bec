import { type Generation, generationOf } from '../generation/index.ts';
import type { HookName } from '../hooks/hook.ts';
import { preparedHooks } from '../hooks/prepared-section.ts';
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
import { type HookModuleReport, hookFunctionTypes, reportHookModule } from './hook-module-report.ts';
import { type AddedModules, hookImportProviders, type ImportProvider, importProviders } from './import-provider.ts';
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

/** Whether the module exports a function of the protocol with a type that a host can call. */
export interface ProtocolFunctionReport {
  readonly name: string;
  readonly status: 'exported' | 'wrongType' | 'notExported';
  readonly type?: string;
  /** The types that a host can call, if the function has another. */
  readonly expected?: readonly string[];
}

/** What the bytes of a module say. Nothing is run. */
export interface ModuleReport extends HookModuleReport {
  readonly file: string;
  /** The generation of the plugin; missing if the exports are those of neither. */
  readonly generation?: Generation;
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
  /** The identity of a plugin of generation 1. */
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

/** The types with which generation 1 calls a function. */
const CALLABLE = ['() -> (i32)', '() -> ()'];

/** The functions that a host looks for, and the types with which it can call them. */
const protocolFunctions: Readonly<Record<Generation, readonly (readonly [name: string, types: readonly string[]])[]>> =
  {
    // abi/PROTOCOL.md, Layers 2 and 3.
    1: ['cc_lb_handshake', 'cc_lb_self_check', ...allWireFunctions].map((name) => [name, CALLABLE]),
    2: Object.entries(hookFunctionTypes).map(([name, type]) => [name, [type]]),
  };

/**
 * Reports on a module without running it.
 *
 * @param file the name of the file, for the report.
 * @param bytes any bytes, also those of no module.
 * @param generation as what the module is reported on.
 * @param slot the slot for which a hook plugin is; that of its hooks by default.
 */
export function reportModule(file: string, bytes: Uint8Array, generation: Generation, slot?: HookName): ModuleReport {
  const read = reportedResult(() => readModule(bytes));
  // Unmetered: a module may be valid without being fit for metering.
  const compiled = reportedResult(() => compilePlugin(bytes, { metering: false }));
  const fault = read.ok ? compiled : read;
  const prepared = compiled.ok && isMetered(compiled.value.module) ? compiled.value.module : undefined;
  const known = generationOf(bytes);
  const added = prepared === undefined ? {} : addedModules[generation](prepared);
  return {
    file,
    ...(known === undefined ? {} : { generation: known }),
    bytes: bytes.length,
    header: formatHex(bytes.subarray(0, 8)),
    valid: fault.ok,
    prepared: prepared !== undefined,
    ...(fault.ok ? {} : { error: fault.error }),
    sections: readableSections(bytes).map(reportSection),
    ...(read.ok ? { contents: reportContents(read.value, added, generation) } : {}),
    ...(generation === 1 ? reportIdentity(bytes) : reportHookModule(prepared ?? bytes, slot)),
  };
}

function reportIdentity(bytes: Uint8Array): Pick<ModuleReport, 'identity' | 'identityError'> {
  const identity = reportedResult(() => readIdentity(bytes));
  return identity.ok ? { identity: identity.value } : { identityError: identity.error };
}

/**
 * The modules that preparation added. None if the module has the section of metering, but cannot be
 * used as a prepared one.
 */
const addedModules: Readonly<Record<Generation, (module: WebAssembly.Module) => AddedModules>> = {
  1: (module) => {
    const compiled = reportedResult(() => compilePlugin(module));
    if (!compiled.ok) return {};
    const { metering, link } = compiled.value.preparation;
    return { meter: metering?.importModule, kernel: link?.importModule };
  },
  2: (module) => {
    const compiled = reportedResult(() => preparedHooks(module));
    if (!compiled.ok) return {};
    const { metering, memory } = compiled.value;
    return { meter: metering.importModule, memory: memory.importModule };
  },
};

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

function reportContents(module: WasmModule, added: AddedModules, generation: Generation): ModuleContents {
  const imported = module.imports.filter(({ kind }) => kind === 'function').length;
  const typeOf = exportTypeFormat(module);
  const providerOf = generation === 1 ? importProviders(module, added) : hookImportProviders(added);
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
    protocolFunctions: protocolFunctions[generation].map(([name, types]) => reportFunction(module, name, types)),
    definedFunctions: module.functions.length - imported,
    ...(module.start === undefined ? {} : { start: module.start }),
  };
}

function reportExport(exported: ModuleExport, type: string | undefined): ExportReport {
  return type === undefined ? exported : { ...exported, type };
}

function reportFunction(module: WasmModule, name: string, expected: readonly string[]): ProtocolFunctionReport {
  const exported = module.exports.find((candidate) => candidate.name === name);
  if (exported === undefined) return { name, status: 'notExported' };
  const type = exported.kind === 'function' ? functionType(module, exported.index) : undefined;
  const found = type === undefined ? exported.kind : formatFunctionType(type);
  return expected.includes(found)
    ? { name, status: 'exported', type: found }
    : { name, status: 'wrongType', type: found, expected };
}
