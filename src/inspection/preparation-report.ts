import { recover } from '../failure.ts';
import type { Generation } from '../generation/index.ts';
import { HookCompileError } from '../hooks/compile-error.ts';
import type { LentMemory } from '../hooks/compiled.ts';
import { preparedHooks } from '../hooks/prepared-section.ts';
import type { MeteringInfo } from '../metering/index.ts';
import { BuildPluginError, compilePlugin, formatFunctionType } from '../plugin/index.ts';
import { originalImports } from '../plugin/original-imports.ts';
import { Preparation } from '../plugin/preparation.ts';
import type { WasmModule } from '../wasm/index.ts';
import { type AddedModules, functionProviders } from './import-provider.ts';
import type { ExportReport, ImportReport, ModuleContents } from './module-contents.ts';

/** The imports and exports that preparation added to a module. */
export interface PreparationAdditions {
  readonly imports: readonly ImportReport[];
  readonly exports: readonly ExportReport[];
}

/** What the sections of a prepared module say that preparation added. */
export interface Additions {
  readonly modules: AddedModules;
  readonly preparation: Preparation;
  readonly metering: MeteringInfo;
  /** Of a hook plugin. */
  readonly memory?: LentMemory;
}

/**
 * Reads what preparation added.
 *
 * @returns `undefined` if the module has the section of metering, but cannot be used as a prepared
 * one.
 */
export function additionsOf(module: WebAssembly.Module, generation: Generation): Additions | undefined {
  return generation === 1
    ? recover(
        () => pluginAdditions(module),
        BuildPluginError,
        () => undefined,
      )
    : recover(
        () => hookAdditions(module),
        HookCompileError,
        () => undefined,
      );
}

function pluginAdditions(module: WebAssembly.Module): Additions | undefined {
  const { preparation } = compilePlugin(module);
  const { metering, link } = preparation;
  const modules = { meter: metering?.importModule, kernel: link?.importModule };
  return metering && { modules, preparation, metering };
}

function hookAdditions(module: WebAssembly.Module): Additions {
  const { metering, memory } = preparedHooks(module);
  const modules = { meter: metering.importModule, memory: memory.importModule };
  return { modules, preparation: new Preparation(metering), metering, memory };
}

/**
 * Separates what the original of a prepared module had from what was added.
 *
 * @param contents what the prepared module has.
 */
export function separate(
  module: WasmModule,
  contents: ModuleContents,
  additions: Additions,
): { readonly contents: ModuleContents; readonly preparation: PreparationAdditions } {
  const { preparation, metering } = additions;
  const isAdded = ({ name }: ExportReport): boolean => addsExport(name, additions);
  const addedModules = Object.values(additions.modules);
  const indexOf = originalIndices(module, metering);
  const start = module.exports.find(({ name }) => name === preparation.start);
  const { start: _none, ...others } = contents;
  return {
    contents: {
      ...others,
      imports: [
        ...importedFunctions(preparation, module),
        ...contents.imports.filter(({ module: from, kind }) => kind !== 'function' && !addedModules.includes(from)),
      ],
      exports: contents.exports.filter((each) => !isAdded(each)).map((each) => originalExport(each, indexOf)),
      memories: originalMemories(module, contents, additions),
      definedFunctions: metering.functions.defined,
      ...(start && { start: indexOf(start.index) ?? start.index }),
    },
    preparation: {
      imports: contents.imports.filter(({ module: from }) => addedModules.includes(from)),
      exports: contents.exports.filter(isAdded),
    },
  };
}

function addsExport(name: string, { preparation, memory }: Additions): boolean {
  const added = memory === undefined ? [] : [memory.sizeExport, ...(memory.changingGlobals ?? [])];
  return preparation.addsExport(name) || added.includes(name);
}

function importedFunctions(preparation: Preparation, { imports }: WasmModule): ImportReport[] {
  const providerOf = functionProviders();
  return originalImports(preparation, imports).flatMap(({ module, name, kind, type }) => {
    if (kind !== 'function' || type === undefined) return [];
    return [{ module, name, kind, type: formatFunctionType(type), ...providerOf({ module, name }, type) }];
  });
}

/** Preparation changes how many functions are imported, and with that the index of all others. */
function originalIndices(
  { imports }: WasmModule,
  { functions: { imported, defined } }: MeteringInfo,
): (index: number) => number | undefined {
  const shift = imports.filter(({ kind }) => kind === 'function').length - imported;
  return (index) => {
    const original = index - shift;
    return original >= imported && original < imported + defined ? original : undefined;
  };
}

function originalExport(
  { index, ...exported }: ExportReport,
  indexOf: (index: number) => number | undefined,
): ExportReport {
  const original = exported.kind === 'function' && index !== undefined ? indexOf(index) : index;
  return original === undefined ? exported : { ...exported, index: original };
}

/** The kernel has a memory of its own. The memory of a hook plugin was not imported. */
function originalMemories(
  { exports }: WasmModule,
  { memories }: ModuleContents,
  { preparation: { link }, memory }: Additions,
): ModuleContents['memories'] {
  const kernel = link && exports.find(({ kind, name }) => kind === 'memory' && name === `${link.exportPrefix}memory`);
  return memories
    .filter(({ index }) => index !== kernel?.index)
    .map((each) => (memory === undefined ? each : { ...each, imported: false }));
}
