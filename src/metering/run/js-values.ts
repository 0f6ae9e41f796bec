import { encodeValueType, type ValueType } from '../../wasm/index.ts';
import { compileHere } from './compile.ts';
import { hasNoValue, namesOwnType } from './value-types.ts';

/*
 * What a module gets from an imported JavaScript function. The engine converts it too late: what it
 * throws then, a module can catch. So it is converted before, as the WebAssembly JavaScript API
 * says ("ToWebAssemblyValue"), and what comes out of that the engine takes as it is.
 */

/** How a result of one type goes from JavaScript to a module. */
export interface ResultType {
  /** What the engine would make of a value. Throws where the engine would. */
  readonly convert: (value: unknown) => unknown;
  /**
   * What goes back to a module that will not look at it any more; where no such value is at hand, a
   * trap.
   */
  readonly neutral: () => unknown;
}

/** A table to tell WebAssembly functions by: it takes no others. */
let functionTable: WebAssembly.Table | undefined;

/** Whether a value is a function that WebAssembly exports. */
export function isWebAssemblyFunction(value: unknown): boolean {
  functionTable ??= new WebAssembly.Table({ element: 'anyfunc', initial: 1 });
  try {
    functionTable.set(0, value);
    functionTable.set(0, null);
    return true;
  } catch {
    return false;
  }
}

/**
 * The types that JavaScript can convert to by itself. All others take a module that is compiled for
 * them.
 */
const convertedHere: { readonly [type: ValueType]: ResultType } = {
  // Operators that convert as the JavaScript API does, and throw what it throws.
  i32: { convert: (value) => (value as number) | 0, neutral: () => 0 },
  i64: { convert: (value) => BigInt.asIntN(64, value as bigint), neutral: () => 0n },
  f32: { convert: (value) => +(value as number), neutral: () => 0 },
  f64: { convert: (value) => +(value as number), neutral: () => 0 },
  externref: { convert: (value) => value, neutral: () => null },
  '(ref extern)': {
    convert: (value) => {
      if (value !== null) return value;
      throw new TypeError('a (ref extern) must not be null');
    },
    neutral: () => 0,
  },
  funcref: {
    convert: (value) => {
      if (value === null || isWebAssemblyFunction(value)) return value;
      throw new TypeError('a funcref must be null or a function of WebAssembly');
    },
    neutral: () => null,
  },
};

const compiled = new Map<ValueType, ResultType>();

/**
 * How results of a type go to a module. May compile a module of a few dozen bytes.
 *
 * @returns `undefined` for a type that JavaScript has no value for, and for one that only the
 * module itself knows, by its index.
 */
export function resultType(type: ValueType): ResultType | undefined {
  if (hasNoValue(type) || namesOwnType(type)) return undefined;
  const known = convertedHere[type] ?? compiled.get(type);
  if (known !== undefined) return known;
  const made = convertedByEngine(type);
  compiled.set(type, made);
  return made;
}

/**
 * The engine's own conversion, by a function that takes a value of a type and gives it back. And a
 * real trap, which no module catches, whatever JavaScript it comes through.
 */
function convertedByEngine(type: ValueType): ResultType {
  const encoded = encodeValueType(type);
  const section = (id: number, contents: readonly number[]): number[] => [id, contents.length, ...contents];
  const bytes = [
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    // Two types: (type) -> (type), () -> ().
    ...section(1, [2, 0x60, 1, ...encoded, 1, ...encoded, 0x60, 0, 0]),
    ...section(3, [2, 0, 1]),
    // Exported as `c` and `t`.
    ...section(7, [2, 1, 0x63, 0, 0, 1, 0x74, 0, 1]),
    // Two bodies: local.get 0 end, unreachable end.
    ...section(10, [2, 4, 0, 0x20, 0, 0x0b, 3, 0, 0x00, 0x0b]),
  ];
  const { exports } = new WebAssembly.Instance(compileHere(new Uint8Array(bytes)));
  // Exported by the module above.
  return { convert: exports.c as (value: unknown) => unknown, neutral: exports.t as () => never };
}
