import type { Generation } from '../generation/index.ts';
import { prepareHooks } from '../hooks/prepare.ts';
import type { ModuleLimits } from '../metering/index.ts';
import { preparePlugin } from '../plugin/index.ts';
import { definedGlobalTypes, readModule, type Section, sectionName, type WasmModule } from '../wasm/index.ts';
import { type FailureReport, reportedResult } from './failure-report.ts';
import { exportTypeFormat, formatImportType } from './module-types.ts';

/** What metering adds to a plugin, or why it cannot be metered. */
export type MeteringReport = MeteringAdditions | { readonly error: FailureReport };

/** What metering adds to a module. Sizes are in bytes. */
export interface MeteringAdditions {
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  /** How long metering took, in milliseconds. */
  readonly durationMs: number;
  /**
   * What the metered module imports: the functions of the meter, and as a hook plugin the memory
   * that the host lends to it.
   */
  readonly imports: readonly AddedImport[];
  /**
   * The exports through which the host reads and sets the meter and calls the start function. No
   * plugin sees them.
   */
  readonly exports: readonly { readonly name: string; readonly kind: string; readonly type?: string }[];
  /** How many functions are added to those that the module defines. */
  readonly functions: number;
  /**
   * How many globals are added: those of the meter, and one for each function that reads the clock
   * when it is first entered.
   */
  readonly globals: number;
  /** All sections before and after; an absent section has the size 0. */
  readonly sections: readonly SectionGrowth[];
}

/** An import that metering adds. */
export interface AddedImport {
  readonly module: string;
  readonly name: string;
  readonly kind: string;
  readonly type: string;
}

/** The size of a section before and after, in bytes, with its fields id and size. */
export interface SectionGrowth {
  /** The specification's name. */
  readonly name: string;
  /** The name of a custom section. */
  readonly customName?: string;
  readonly before: number;
  readonly after: number;
}

const meterings: Readonly<Record<Generation, (bytes: Uint8Array, limits: ModuleLimits) => Uint8Array>> = {
  1: (bytes, limits) => preparePlugin(bytes, { kernel: 'instance', limits }),
  2: (bytes, limits) => prepareHooks(bytes, { limits }),
};

/**
 * Meters a plugin and reports what was added. The kernel is not linked in.
 *
 * @param bytes the bytes of a valid module.
 * @param generation as what the module is metered.
 * @param limits on the structure of the module, where they are not the defaults.
 */
export function reportMetering(bytes: Uint8Array, generation: Generation, limits: ModuleLimits): MeteringReport {
  const report = reportedResult(() => {
    const since = performance.now();
    const metered = meterings[generation](bytes, limits);
    const durationMs = performance.now() - since;
    const [before, after] = [readModule(bytes), readModule(metered)];
    const globals = definedGlobalTypes(metered, after).length - definedGlobalTypes(bytes, before).length;
    return { bytesBefore: bytes.length, bytesAfter: metered.length, durationMs, globals, ...additions(before, after) };
  });
  return report.ok ? report.value : { error: report.error };
}

/** Metering appends its imports, functions and exports to those of the module. */
function additions(before: WasmModule, after: WasmModule) {
  const imports = after.imports.slice(before.imports.length);
  const exports = after.exports.slice(before.exports.length);
  const typeOf = exportTypeFormat(after);
  return {
    imports: imports.map((added) => ({
      module: added.module,
      name: added.name,
      kind: added.kind,
      type: formatImportType(after, added),
    })),
    exports: exports.map((added) => {
      const { name, kind } = added;
      const type = typeOf(added);
      return type === undefined ? { name, kind } : { name, kind, type };
    }),
    functions: after.functions.length - before.functions.length - countFunctions(imports),
    sections: sectionGrowth(before.sections, after.sections),
  };
}

function countFunctions(imports: WasmModule['imports']): number {
  return imports.filter(({ kind }) => kind === 'function').length;
}

function sectionGrowth(before: readonly Section[], after: readonly Section[]): SectionGrowth[] {
  const growth = new Map<string, SectionGrowth>();
  const note = ({ id, name, offset, end }: Section, side: 'before' | 'after'): void => {
    const key = JSON.stringify([id, name]);
    const known = growth.get(key) ?? {
      name: sectionName(id),
      ...(name === undefined ? {} : { customName: name }),
      before: 0,
      after: 0,
    };
    growth.set(key, { ...known, [side]: known[side] + end - offset });
  };
  for (const section of before) note(section, 'before');
  for (const section of after) note(section, 'after');
  return [...growth.values()];
}
