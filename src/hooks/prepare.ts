import type { ModuleLimits } from '../metering/index.ts';
import { moduleLimitRules } from '../metering/limits.ts';
import { adviceOn, copyBytes, MODULE_BYTES, type ModuleBytes } from '../module-source.ts';
import { checkOptions, type OptionRules, optionsRule } from '../option-rules.ts';
import { writeHooks } from './compile.ts';
import { inspectModule } from './inspect.ts';

/** How to prepare a hook plugin. Missing or `undefined` means the default. */
export interface PrepareHooksOptions {
  /** What the module may contain: `MODULE_LIMITS` has the names and defaults. */
  readonly limits?: ModuleLimits | undefined;
}

const rules: OptionRules<PrepareHooksOptions> = { limits: optionsRule(moduleLimitRules) };

/**
 * Writes budgets and the lent memory into a plugin of the hook ABI. Custom sections hold what is
 * needed at run time. `admitHooks` accepts a `WebAssembly.Module` made from the result, so a host
 * that may not compile at run time can run plugins. Fuel, time, memory, tables and stack are
 * limited at run time, by the options of `admitHooks`.
 *
 * @param wasm the bytes of its module.
 * @returns the prepared bytes.
 * @throws HookInspectError if the module is not a plugin of the hook ABI, or `AlreadyPrepared`.
 * HookCompileError if it cannot run; `CompilationRefused` where the engine refuses even to
 * validate. TypeError if an argument is malformed.
 */
export function prepareHooks(wasm: ModuleBytes, options: PrepareHooksOptions = {}): Uint8Array<ArrayBuffer> {
  const bytes = copyBytes(wasm);
  if (bytes === undefined) throw new TypeError(`wasm must be ${MODULE_BYTES}${adviceOn(wasm)}`);
  checkOptions(options, rules);
  const { module } = inspectModule(bytes);
  return writeHooks(bytes, module, options.limits).bytes;
}
