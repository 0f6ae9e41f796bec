import type { SettledLimits } from '../../../src/hooks/budget.ts';
import type { writeHooks } from '../../../src/hooks/compile.ts';
import { type CompiledHooks, compiledHooks } from '../../../src/hooks/compiled.ts';
import { type HookInstance, type Instances, LentMemories } from '../../../src/hooks/instances.ts';
import type { Budget } from '../../../src/metering/index.ts';
import { assemble, definedGlobalTypes, ModuleBuilder, readModule, rewriteModule } from '../../../src/wasm/index.ts';

/** The exports of the globals, by their indices, and of the function that puts them back. */
const globalExport = (index: number): string => `bench.global.${index}`;
const RESTORE = 'bench.restore';

/**
 * One instance of a plugin, whose own code puts it back before each call: zeros in the whole
 * memory, then what was in it at first, and the first values of all globals. Tables and segments
 * are left as they are, so this is right only for plugins that change none.
 */
export class RestoredInstance implements Instances {
  readonly compiled: CompiledHooks;
  readonly #instance: HookInstance;
  readonly #restore: () => unknown;

  constructor({ bytes, metering, memory }: ReturnType<typeof writeHooks>, limits: SettledLimits) {
    if (metering.start !== undefined) throw new Error('a start function would have to run again');
    const compiledOf = (written: Uint8Array<ArrayBuffer>): CompiledHooks =>
      compiledHooks(new WebAssembly.Module(written), metering, memory);
    const instanceOf = (compiled: CompiledHooks): HookInstance =>
      new LentMemories(compiled, limits).take(limits.call, 0);
    const exporting = exportGlobals(bytes);
    this.compiled = compiledOf(addRestore(exporting, instanceOf(compiledOf(exporting))));
    this.#instance = instanceOf(this.compiled);
    // The cast: addRestore exports a function under that name.
    this.#restore = this.#instance.exports[RESTORE] as () => unknown;
  }

  take(budget: Required<Budget>): HookInstance {
    this.#restore();
    this.#instance.meter.refuel(budget);
    return this.#instance;
  }

  giveBack(): void {
    // The next call puts it back.
  }
}

function exportGlobals(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const module = readModule(bytes);
  const parts = new ModuleBuilder();
  for (const index of definedGlobalTypes(bytes, module).keys()) parts.export(globalExport(index), 'global', index);
  return rewriteModule(bytes, module, { indices: {}, additions: () => parts.additions() });
}

/** @param instance in its first state. */
function addRestore(bytes: Uint8Array, { exports, memory }: HookInstance): Uint8Array<ArrayBuffer> {
  const module = readModule(bytes);
  const types = definedGlobalTypes(bytes, module);
  const importedFunctions = module.imports.filter(({ kind }) => kind === 'function').length;
  const parts = new ModuleBuilder({
    types: module.types.length,
    importedFunctions,
    definedFunctions: module.functions.length - importedFunctions,
    memories: 0,
    globals: types.length,
  });
  const words = [...new BigInt64Array(memory.buffer).entries()].flatMap(([index, word]) =>
    word === 0n ? [] : [`i32.const ${index * 8} i64.const ${word} i64.store`],
  );
  const globals = types.flatMap((type, index) => {
    // The cast: exportGlobals exports all globals.
    const global = exports[globalExport(index)] as WebAssembly.Global;
    return isMutable(global) ? [`${type}.const ${global.value} global.set $${index}`] : [];
  });
  const scope = {
    locals: new Map<string, number>(),
    globals: new Map(types.map((_, index) => [`${index}`, index])),
    functions: new Map<string, number>(),
    memory: 0,
  };
  const clear = 'i32.const 0 i32.const 0 memory.size i32.const 16 i32.shl memory.fill';
  const body = assemble([clear, ...words, ...globals].join('\n'), scope);
  parts.export(RESTORE, 'function', parts.function({ params: [], results: [] }, [], body));
  return rewriteModule(bytes, module, { indices: {}, additions: () => parts.additions() });
}

function isMutable(global: WebAssembly.Global): boolean {
  const { value } = global;
  try {
    global.value = value;
    return true;
  } catch {
    return false;
  }
}
