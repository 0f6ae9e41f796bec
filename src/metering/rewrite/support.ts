import { assemble, encodeUnsigned, encodeValueType } from '../../wasm/index.ts';
import { type MeterGlobalName, type MeterImportName, meterGlobals, meterImports } from '../layout.ts';
import { chargeHeap, firstEntry, overflow, refill, type SupportText, spend } from './support-text.ts';

const END = 0x0b;
const RETURN = 0x0f;
const NOP = 0x01;

/** The support functions that every metered module has. */
const always = {
  refill,
  spend,
  overflow,
  charge_heap: chargeHeap,
  first_entry: firstEntry,
} as const;

/** The name of a support function that every metered module has. */
export type SupportName = keyof typeof always;

/** Where in the rewritten module the additions begin, in each index space. */
export interface AdditionIndices {
  readonly type: number;
  readonly importedFunction: number;
  readonly function: number;
  readonly global: number;
}

/** The functions, types and globals that metering adds, with their indices in the rewritten module. Made as they are asked for. */
export class Support {
  readonly types: number[][] = [];
  readonly functions: number[][] = [];
  readonly bodies: number[][] = [];
  readonly #first: AdditionIndices;
  readonly #typeIndices = new Map<string, number>();
  readonly #functionIndices = new Map<string, number>();
  readonly #globalIndices: ReadonlyMap<string, number>;
  #firstEntries = 0;

  constructor(first: AdditionIndices) {
    this.#first = first;
    this.#globalIndices = new Map(Object.keys(meterGlobals).map((name, index) => [name, first.global + index]));
    Object.keys(meterImports).forEach((name, index) => {
      this.#functionIndices.set(name, first.importedFunction + index);
    });
    for (const [name, text] of Object.entries(always)) this.function(name, () => text);
  }

  /** The index of a global of the meter. */
  global(name: MeterGlobalName): number {
    return this.#globalIndices.get(name) ?? unknown(name);
  }

  /** How many functions have a global that says whether they have been entered. */
  get firstEntries(): number {
    return this.#firstEntries;
  }

  /** The index of a new global that is 1 until a function sets it, when it is entered. */
  firstEntryGlobal(): number {
    return this.#first.global + this.#globalIndices.size + this.#firstEntries++;
  }

  /** The index of a support function that is always there, or of an imported one. */
  always(name: SupportName | MeterImportName): number {
    return this.#functionIndices.get(name) ?? unknown(name);
  }

  /**
   * The index of a support function.
   *
   * @param key the same for the same function: it is made once.
   */
  function(key: string, make: () => SupportText): number {
    const known = this.#functionIndices.get(key);
    if (known !== undefined) return known;
    const index = this.#first.function + this.functions.length;
    this.#functionIndices.set(key, index);
    const { params, results, locals, body, padding = 0 } = make();
    this.functions.push(encodeUnsigned(this.type(Object.values(params), results)));
    const names = [...Object.keys(params), ...Object.keys(locals)];
    const code = assemble(body, {
      locals: new Map(names.map((name, local) => [name, local])),
      globals: this.#globalIndices,
      functions: this.#functionIndices,
      memory: 0,
    });
    const groups = Object.values(locals).flatMap((type) => [1, ...encodeValueType(type)]);
    const never = padding === 0 ? [] : [RETURN, ...new Array<number>(padding).fill(NOP)];
    const whole = [...encodeUnsigned(Object.keys(locals).length), ...groups, ...code, ...never, END];
    this.bodies.push([...encodeUnsigned(whole.length), ...whole]);
    return index;
  }

  /** The index of a function type. */
  type(params: readonly string[], results: readonly string[]): number {
    const key = `${params.join()}>${results.join()}`;
    const known = this.#typeIndices.get(key);
    if (known !== undefined) return known;
    const index = this.#first.type + this.types.length;
    this.#typeIndices.set(key, index);
    const encode = (types: readonly string[]): number[] => [
      ...encodeUnsigned(types.length),
      ...types.flatMap(encodeValueType),
    ];
    this.types.push([0x60, ...encode(params), ...encode(results)]);
    return index;
  }
}

function unknown(name: string): never {
  throw new RangeError(`metering adds no ${name}`);
}
