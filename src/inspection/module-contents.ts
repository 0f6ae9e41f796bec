import type { Generation } from '../generation/index.ts';
import { formatFunctionType } from '../plugin/index.ts';
import { allWireFunctions } from '../protocol/messages/index.ts';
import { functionType, type ModuleExport, type WasmModule } from '../wasm/index.ts';
import { hookFunctionTypes } from './hook-module-report.ts';
import { type AddedModules, hookImportProviders, type ImportProvider, importProviders } from './import-provider.ts';
import { exportTypeFormat, formatImportType, memoriesOf } from './module-types.ts';

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
  /** Missing if the module is prepared, and nothing says which function of the original it is. */
  readonly index?: number;
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
 * Reports what the sections of a module say.
 *
 * @param added the module names of what preparation added; none if the module is not prepared.
 * @param generation as what the module is reported on.
 */
export function reportContents(module: WasmModule, added: AddedModules, generation: Generation): ModuleContents {
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
