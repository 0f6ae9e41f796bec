import { assemble, CodeWriter, ModuleBuilder, type ValueType } from '../../wasm/index.ts';
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

/** The first index of the additions in each index space of the rewritten module. */
export interface AdditionIndices {
  readonly type: number;
  readonly importedFunction: number;
  readonly function: number;
  readonly global: number;
}

/**
 * The functions, types and globals that metering adds, with their indices in the rewritten module.
 * They are made when they are first asked for.
 */
export class Support {
  readonly #first: AdditionIndices;
  readonly #module: ModuleBuilder;
  readonly #functionIndices = new Map<string, number>();
  readonly #globalIndices: ReadonlyMap<string, number>;
  #firstEntries = 0;

  constructor(first: AdditionIndices) {
    this.#first = first;
    const imports = Object.keys(meterImports);
    this.#module = new ModuleBuilder({
      types: first.type,
      importedFunctions: first.importedFunction + imports.length,
      definedFunctions: first.function - first.importedFunction - imports.length,
      memories: 0,
      globals: first.global,
    });
    this.#globalIndices = new Map(Object.keys(meterGlobals).map((name, index) => [name, first.global + index]));
    imports.forEach((name, index) => {
      this.#functionIndices.set(name, first.importedFunction + index);
    });
    for (const [name, text] of Object.entries(always)) this.function(name, () => text);
  }

  /** The added types, encoded. */
  get types(): readonly (readonly number[])[] {
    return this.#module.additions().types;
  }

  /** The type indices of the added functions, encoded. */
  get functions(): readonly (readonly number[])[] {
    return this.#module.additions().functions;
  }

  /** The bodies of the added functions, encoded. */
  get bodies(): readonly (readonly number[])[] {
    return this.#module.additions().bodies;
  }

  /** The index of a global of the meter. */
  global(name: MeterGlobalName): number {
    return this.#globalIndices.get(name) ?? unknown(name);
  }

  /** How many functions have a global that says whether they have been entered. */
  get firstEntries(): number {
    return this.#firstEntries;
  }

  /** The index of a new global that is 1 until a function, when it is entered, sets it to 0. */
  firstEntryGlobal(): number {
    return this.#first.global + this.#globalIndices.size + this.#firstEntries++;
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
