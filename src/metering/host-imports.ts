import { reasonOf } from '../failure-message.ts';
import type { Meter } from './meter.ts';
import type { ImportedFunction, MeteringInfo } from './metered-module.ts';

/** Any JavaScript function that a module imports. */
type Imported = (...args: unknown[]) => unknown;

/** A table to tell WebAssembly functions by: it takes no others. */
let functionTable: WebAssembly.Table | undefined;

function isWebAssemblyFunction(value: unknown): boolean {
  functionTable ??= new WebAssembly.Table({ element: 'anyfunc', initial: 1 });
  try {
    functionTable.set(0, value);
    functionTable.set(0, null);
    return true;
  } catch {
    return false;
  }
}

/** The meter's functions, as a metered module imports them. */
export function meterImports(info: MeteringInfo, meter: Meter): WebAssembly.Imports {
  return { [info.importModule]: meter.imports() as WebAssembly.ModuleImports };
}

/**
 * The import object of a metered module: what the original imports, and the meter's functions.
 *
 * A JavaScript function among them stands behind another, so that the clock is read whenever one was called, and so that what it throws
 * ends the run where nothing in the module can catch it. WebAssembly functions are passed on as they are.
 */
export function meteredImports(info: MeteringInfo, imports: WebAssembly.Imports, meter: Meter): WebAssembly.Imports {
  const all: Record<string, WebAssembly.ModuleImports> = Object.assign(
    Object.create(imports),
    meterImports(info, meter),
  );
  for (const declared of info.imports) {
    const value = imports[declared.module]?.[declared.name];
    if (typeof value !== 'function' || isWebAssemblyFunction(value)) continue;
    // A function of JavaScript takes and gives anything.
    const standIn = guarded(declared, value as Imported, meter);
    // Beside the stand-ins all is found where it was, inherited or not.
    if (all[declared.module] === imports[declared.module])
      all[declared.module] = Object.create(imports[declared.module] ?? null);
    Object.defineProperty(all[declared.module], declared.name, { value: standIn, configurable: true });
  }
  return all;
}

/**
 * What the engine would make of the result of an imported function. The engine itself does it too late: what it throws then, a module can
 * catch. Types that are not here are left to it.
 */
const conversions: { readonly [type: string]: (value: unknown) => unknown } = {
  // Operators that convert as the JavaScript API does, and throw what it throws.
  i32: (value) => (value as number) | 0,
  i64: (value) => BigInt.asIntN(64, value as bigint),
  f32: (value) => +(value as number),
  f64: (value) => +(value as number),
  funcref: (value) => {
    if (value === null || isWebAssemblyFunction(value)) return value;
    throw new TypeError('a funcref must be null or a function of WebAssembly');
  },
};

function converted(results: ImportedFunction['results'], value: unknown): unknown {
  const convert = (type: string, each: unknown): unknown => conversions[type]?.(each) ?? each;
  const [only] = results;
  if (only === undefined) return undefined;
  if (results.length === 1) return convert(only, value);
  const values = [...(value as Iterable<unknown>)]; // throws when it is none
  if (values.length === results.length) return results.map((type, index) => convert(type, values[index]));
  throw new TypeError(`${values.length} results, but ${results.length} were expected`);
}

function guarded({ name, results }: ImportedFunction, call: Imported, meter: Meter): Imported {
  const neutral = results.map(neutralValue);
  return (...args) => {
    try {
      const result = converted(results, call(...args));
      meter.readClock();
      return result;
    } catch (thrown) {
      const reason = reasonOf(thrown);
      meter.fail({ kind: 'HostFunction', function: name, reason }, thrown);
      return neutral.length > 1 ? neutral : neutral[0];
    }
  };
}

/** What goes back to a module that will not look at it any more. */
function neutralValue(type: string): unknown {
  if (type === 'i64') return 0n;
  return type === 'i32' || type === 'f32' || type === 'f64' ? 0 : null;
}
