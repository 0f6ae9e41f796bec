import { assemble, CodeWriter, type ModuleBuilder, type ValueType } from '../../wasm/index.ts';
import { type MeterGlobalName, type MeterImportName, meterGlobals, meterImports } from '../layout.ts';
import { chargeHeap, firstEntry, overflow, refill, type SupportText, spend } from './support-text.ts';

/** The support functions of every metered module. */
const always = {
  refill,
  spend,
  overflow,
  charge_heap: chargeHeap,
  first_entry: firstEntry,
} as const;

/** The name of a support function of every metered module. */
export type SupportName = keyof typeof always;

/**
 * The functions, types and globals that metering adds, with their indices in the rewritten module.
 * They are made when they are first asked for.
 */
export class Support {
  readonly #module: ModuleBuilder;
  readonly #functionIndices = new Map<string, number>();
  readonly #globalIndices: ReadonlyMap<string, number>;

  /**
   * @param module gets what is added.
   * @param importModule the module name of the meter's imports.
   */
  constructor(module: ModuleBuilder, importModule: string) {
    this.#module = module;
    for (const [name, type] of Object.entries(meterImports)) {
      this.#functionIndices.set(name, module.importFunction(importModule, name, type));
    }
    this.#globalIndices = new Map(
      Object.entries(meterGlobals).map(([name, { type, initial }]) => [
        name,
        module.global(type, true, BigInt(initial)),
      ]),
    );
  }

  /** Defines the functions of every metered module. All imports must have been added before. */
  defineAlways(): void {
    for (const [name, text] of Object.entries(always)) this.function(name, () => text);
  }

  /** How many functions are added. */
  get functionCount(): number {
    return this.#module.definedCount;
  }

  /** Exports a function or a global of the rewritten module. */
  export(name: string, kind: 'function' | 'global', index: number): void {
    this.#module.export(name, kind, index);
  }

  /** Adds a custom section. */
  custom(name: string, contents: Uint8Array): void {
    this.#module.custom(name, contents);
  }

  /** The index of a global of the meter. */
  global(name: MeterGlobalName): number {
    return this.#globalIndices.get(name) ?? unknown(name);
  }

  /** The index of a new global that is 1 until a function, when it is entered, sets it to 0. */
  firstEntryGlobal(): number {
    return this.#module.global('i32', true, 1n);
  }

  /** The index of an imported function, or of a support function of every metered module. */
  always(name: SupportName | MeterImportName): number {
    return this.#functionIndices.get(name) ?? unknown(name);
  }

  /**
   * The index of a support function.
   *
   * @param key identifies the function: it is made once.
   * @param make makes its text.
   */
  function(key: string, make: () => SupportText): number {
    const known = this.#functionIndices.get(key);
    if (known !== undefined) return known;
    const index = this.#module.nextFunction;
    // A function may call itself.
    this.#functionIndices.set(key, index);
    const { params, results, locals, body, padding = 0 } = make();
    const names = [...Object.keys(params), ...Object.keys(locals)];
    const code = assemble(body, {
      locals: new Map(names.map((name, local) => [name, local])),
      globals: this.#globalIndices,
      functions: this.#functionIndices,
      memory: 0,
    });
    const type = { params: Object.values(params), results };
    return this.#module.function(type, Object.values(locals), [...code, ...neverExecuted(padding)]);
  }

  /** The index of a function type. */
  type(params: readonly ValueType[], results: readonly ValueType[]): number {
    return this.#module.type({ params, results });
  }
}

/** A `return`, then instructions that are never executed, one byte each. */
function neverExecuted(count: number): readonly number[] {
  const code = new CodeWriter();
  if (count > 0) code.return();
  for (let index = 0; index < count; index++) code.nop();
  return code.bytes;
}

function unknown(name: string): never {
  throw new RangeError(`metering adds no ${name}`);
}
