import { adviceOn, type EngineModule } from '../../module-source.ts';
import { isObject, type OptionRules, oneOfRule } from '../../option-rules.ts';
import { isMemory, isModule } from '../../realms.ts';
import { checkOptions, MeteringError } from '../error.ts';
import type { MeteredModule, MeteringInfo } from '../metering-section.ts';
import { readMeteringInfo } from '../read-metering-info.ts';
import { compileHere, compileHereAsync, instanceHere, instanceHereAsync } from './compile.ts';
import { countGrowth } from './count-growth.ts';
import type { HostExceptions } from './guard-import.ts';
import { meteredImports } from './imports.ts';
import { Meter } from './meter.ts';
import { meterGlobalsOf } from './meter-globals.ts';
import { type MeterOptions, meterOptionRules } from './meter-options.ts';

/**
 * How a metered module is instantiated: what it may use, or a meter that it shares with other
 * instances; and what exceptions of imports do.
 */
export interface InstantiateOptions extends MeterOptions {
  /**
   * The meter of other instances: one budget of each kind for all, of the heap too. The other
   * options are then that meter's already, and are ignored.
   */
  readonly meter?: Meter | undefined;
  /**
   * What becomes of an exception that leaves an imported JavaScript function. `end`, the default:
   * it ends the run as `HostFunction`, and the module cannot catch it. `propagate`: it goes on
   * through the module as without metering. That is for glue code whose functions throw to unwind:
   * Emscripten's `longjmp` and `exit`, a `proc_exit` of WASI. Budgets hold either way: no handler
   * goes on for long once one is used up. Fuel may count some instructions that an exception
   * skipped.
   */
  readonly hostExceptions?: HostExceptions | undefined;
}

/**
 * An instance with its meter. The exports are the original's; those of the meter are not among
 * them. An export is best called in `meter.run`: called by itself it ends in a plain
 * `WebAssembly.RuntimeError` once a budget is used up, and `meter.failure` says why.
 */
export interface MeteredInstance {
  /** Has the prototype of `WebAssembly.Instance`, and its `exports` as a property of its own. */
  readonly instance: WebAssembly.Instance;
  readonly meter: Meter;
}

/**
 * Instantiates a metered module on this thread, and runs what was its start function. The memories
 * that the module imports or exports get a `grow` that takes the pages from the budget, as
 * `countGrowth` gives them.
 *
 * @param metered what `meterModule` gave, or its bytes compiled.
 * @param imports what the original module imports. Each name is read once, and no other part of it
 * is changed.
 * A JavaScript function may be given for an import unless its type has vectors, references to
 * exceptions, or results of a type that the module defines: then it must be a WebAssembly function.
 * @throws MeteringError `OutOfMemory` when the module's tables, memories or objects are too large
 * at first; a failure of what was its start function; `InvalidArgument` for an import or option
 * that cannot be, and when the module was not made by `meterModule`; `CompilationRefused` where the
 * engine may not compile bytes, or the conversion of an import's results. What it throws else.
 */
export function instantiateMetered(
  metered: MeteredModule | EngineModule,
  imports: WebAssembly.Imports = {},
  options: InstantiateOptions = {},
): MeteredInstance {
  const [meter, exceptions] = meterOf(options);
  const module = isEngineModule(metered) ? metered : compileHere(metered.bytes);
  const info = isEngineModule(metered) ? readMeteringInfo(module) : metered.info;
  meter.takeInitial(info);
  return begin(info, instanceHere(module, meteredImports(module, info, imports, meter, exceptions)), meter);
}

/**
 * {@link instantiateMetered}, with the engine compiling on threads of its own where it can. Rejects
 * with what that throws.
 */
export async function instantiateMeteredAsync(
  metered: MeteredModule | EngineModule,
  imports: WebAssembly.Imports = {},
  options: InstantiateOptions = {},
): Promise<MeteredInstance> {
  const [meter, exceptions] = meterOf(options);
  const module = isEngineModule(metered) ? metered : await compileHereAsync(metered.bytes);
  const info = isEngineModule(metered) ? readMeteringInfo(module) : metered.info;
  meter.takeInitial(info);
  const instance = await instanceHereAsync(module, meteredImports(module, info, imports, meter, exceptions));
  return begin(info, instance, meter);
}

function isEngineModule(metered: MeteredModule | EngineModule): metered is EngineModule {
  if (isModule(metered)) return true;
  if (isObject(metered) && 'bytes' in metered && 'info' in metered) return false;
  const expected = `what meterModule(bytes) returns, or a WebAssembly.Module made from its bytes${adviceOn(metered)}`;
  throw new MeteringError({ kind: 'InvalidArgument', argument: 'metered', expected });
}

function begin(info: MeteringInfo, instance: WebAssembly.Instance, meter: Meter): MeteredInstance {
  const { exports } = instance;
  meter.attach(meterGlobalsOf(info, exports));
  const hidden = new Set<string>([...Object.values(info.globals), ...(info.start === undefined ? [] : [info.start])]);
  const visible = Object.entries(exports).filter(([name]) => !hidden.has(name));
  for (const [, value] of visible) if (isMemory(value)) countGrowth(value, meter);
  const start = info.start === undefined ? undefined : exports[info.start];
  if (typeof start === 'function') meter.run(() => start());
  return { instance: instanceOf(Object.fromEntries(visible)), meter };
}

/**
 * What glue code takes for the engine's own: it asks `instanceof WebAssembly.Instance`, and reads
 * `exports`, whose object is frozen and has no prototype.
 */
function instanceOf(exports: WebAssembly.Exports): WebAssembly.Instance {
  const value: WebAssembly.Exports = Object.freeze(Object.assign(Object.create(null), exports));
  return Object.create(WebAssembly.Instance.prototype, { exports: { value, enumerable: true } });
}

const optionRules: OptionRules<InstantiateOptions> = {
  ...meterOptionRules,
  meter: { expected: 'a Meter', holds: (value) => value instanceof Meter },
  hostExceptions: oneOfRule(['end', 'propagate']),
};

/** @throws MeteringError `InvalidArgument` */
function meterOf(options: InstantiateOptions): readonly [meter: Meter, exceptions: HostExceptions] {
  checkOptions(options, optionRules);
  const { meter, hostExceptions = 'end', ...own } = options;
  return [meter ?? new Meter(own), hostExceptions];
}
