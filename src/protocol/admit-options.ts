import { type ModuleLimits, moduleLimitRules } from '../metering/limits.ts';
import { adviceOn, isBytes, MODULE_BYTES, type ModuleSource } from '../module-source.ts';
import { checkArgument, flagRule, type OptionRules, optionsRule } from '../option-rules.ts';
import { type CompiledPlugin, isCompiledPlugin } from '../plugin/compiled-plugin.ts';
import { isModule } from '../realms.ts';
import { type AdmissionOptions, admissionRules, checkAdmissionOptions } from './admission-options.ts';

/**
 * A plugin that asks for admission: the bytes of its module, a `WebAssembly.Module` made from the
 * output of `preparePlugin`, or the compiled plugin.
 */
export type Candidate = ModuleSource | CompiledPlugin;

/** How to admit a plugin. Missing or `undefined` means the default. */
export interface AdmitOptions extends AdmissionOptions {
  /**
   * What the module may contain, if it is given as bytes. `MODULE_LIMITS` has the names and
   * defaults.
   */
  readonly limits?: ModuleLimits | undefined;
  /**
   * Whether the compiled plugin may come from the cache of the process, and is kept there: true by
   * default. See `CompileOptions`.
   */
  readonly cache?: boolean | undefined;
}

const rules: OptionRules<AdmitOptions> = {
  ...admissionRules,
  limits: optionsRule(moduleLimitRules),
  cache: flagRule,
};

/**
 * Checks the arguments of an admission.
 *
 * @throws TypeError that names the first argument or option that is malformed.
 */
export function checkAdmission(wasm: unknown, options: AdmitOptions): void {
  const isCompiled = isCompiledPlugin(wasm) || isModule(wasm);
  const expected = `${MODULE_BYTES}, a WebAssembly.Module or a CompiledPlugin${adviceOn(wasm)}`;
  checkArgument('wasm', isCompiled || isBytes(wasm), expected);
  checkAdmissionOptions(options, rules);
}
