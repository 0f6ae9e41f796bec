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

/**
 * The import object of a metered module: what the original imports, and the meter's functions.
 *
 * A JavaScript function among them stands behind another, so that the clock is read whenever one was called, and so that what it throws
 * ends the run where nothing in the module can catch it. WebAssembly functions are passed on as they are.
 */
export function meteredImports(info: MeteringInfo, imports: WebAssembly.Imports, meter: Meter): WebAssembly.Imports {
  const all: Record<string, WebAssembly.ModuleImports> = {
    ...imports,
    [info.importModule]: meter.imports() as WebAssembly.ModuleImports,
  };
  for (const declared of info.imports) {
    const value = imports[declared.module]?.[declared.name];
    if (typeof value !== 'function' || isWebAssemblyFunction(value)) continue;
    // A function of JavaScript takes and gives anything.
    const standIn = guarded(declared, value as Imported, meter);
    all[declared.module] = { ...all[declared.module], [declared.name]: standIn };
  }
  return all;
}

function guarded({ name, results }: ImportedFunction, call: Imported, meter: Meter): Imported {
  const neutral = results.map(neutralValue);
  return (...args) => {
    try {
      const result = call(...args);
      meter.readClock();
      return result;
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
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
