import type { ModuleBuilder, ValueType } from '../../wasm/index.ts';
import { type MeterGlobalName, type MeterImportName, meterGlobals, meterImports } from '../layout.ts';
import { supportCode } from './support-code.generated.ts';
import { alwaysPresent, ELEMENT_TYPE, type SupportFunction } from './support-functions.ts';

/** The name of a support function of every metered module. */
export type SupportName = (typeof alwaysPresent)[number];

/**
 * The functions, types and globals that metering adds, with their indices in the rewritten module.
 * They are made when they are first asked for.
 */
export class Support {
  readonly #module: ModuleBuilder;
  readonly #functionIndices = new Map<string, number>();
  readonly #globalIndices: ReadonlyMap<string, number>;
  /** What the symbols of the code refer to, behind its operands: see `supportSymbols`. */
  #symbols: readonly number[] = [];

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
    alwaysPresent.forEach((name, at) => {
      this.#functionIndices.set(name, this.#module.nextFunction + at);
    });
    this.#symbols = [...this.#globalIndices.values(), ...this.#functionIndices.values()];
    for (const name of alwaysPresent) this.#define({ code: name });
  }

  /** How many support functions are added. */
  get functionCount(): number {
    return this.#functionIndices.size - Object.keys(meterImports).length;
  }

  /** Exports a function or a global of the rewritten module. */
  export(name: string, kind: 'function' | 'global', index: number): void {
    this.#module.export(name, kind, index);
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
   * @param key identifies the function: it is added once.
   * @param make says which it is.
   */
  function(key: string, make: () => SupportFunction): number {
    const known = this.#functionIndices.get(key);
    if (known !== undefined) return known;
    const index = this.#define(make());
    this.#functionIndices.set(key, index);
    return index;
  }

  #define({ code, operands: [first, second = 0] = [0], elementType = '' }: SupportFunction): number {
    const [params, results, body] = supportCode[code];
    const types = params.replace(ELEMENT_TYPE, elementType);
    // A support function has no `memarg`, whose symbol is the first.
    return this.#module.relocatable([types, results, body], [0, first, second, ...this.#symbols]);
  }

  /** The index of a function type. */
  type(params: readonly ValueType[], results: readonly ValueType[]): number {
    return this.#module.type({ params, results });
  }
}

function unknown(name: string): never {
  throw new RangeError(`metering adds no ${name}`);
}
