import { isHookPlugin, type NamedExport } from '../generation/exports.ts';
import type { EngineModule } from '../module-source.ts';
import { BuildPluginError } from './build-error.ts';
import { CompiledPlugin, type PluginDescription, type PluginExternal, type PluginImport } from './compiled-plugin.ts';
import { linkedKernel } from './plugin-kernel.ts';
import { Preparation } from './preparation.ts';

/** The plugins of modules that the host compiled. An entry lives no longer than its module. */
const plugins = /* @__PURE__ */ new WeakMap<WebAssembly.Module, CompiledPlugin>();

/** How to load a plugin. */
export interface LoadOptions {
  /** Whether the same module gives the same plugin again. */
  readonly cache: boolean;
}

/**
 * Loads a plugin that was prepared. Compiles nothing: metering, the kernel and the adapters of host
 * functions are in its module.
 *
 * Such a module is trusted: its own sections say that budgets are written into it. Pass only
 * modules made from bytes that `preparePlugin` returned to you or to somebody you trust.
 *
 * @param module the engine's, made from bytes that `preparePlugin` returned.
 * @throws BuildPluginError `NotPrepared`; `OtherGeneration` if it is a plugin of the hook ABI.
 */
export function loadPlugin(module: EngineModule, { cache }: LoadOptions = { cache: true }): CompiledPlugin {
  const known = cache ? plugins.get(module) : undefined;
  if (known !== undefined) return known;
  checkGeneration(WebAssembly.Module.exports(module));
  const preparation = Preparation.of(module);
  const { link, metering } = preparation;
  if (metering === undefined) throw notPrepared(link === undefined ? UNPREPARED : UNMETERED);
  if (link === undefined) throw notPrepared(UNLINKED);
  const plugin = new CompiledPlugin(
    module,
    describePrepared(module, preparation, link.imports),
    preparation,
    linkedKernel(link),
  );
  if (cache) plugins.set(module, plugin);
  return plugin;
}

const UNPREPARED =
  'it was not prepared. Give the bytes of the plugin to preparePlugin, and make the module from the result';

const UNMETERED = /* @__PURE__ */ [
  'it has no budgets, since it was compiled with { metering: false }. Give the bytes of the plugin to preparePlugin,',
  'and make the module from the result',
].join(' ');

const UNLINKED = /* @__PURE__ */ [
  "it was prepared with kernel: 'instance', so its kernel must be compiled at run time. Give it to",
  'compilePlugin of the entry ./plugin, or prepare it without that option',
].join(' ');

function notPrepared(reason: string): BuildPluginError {
  return new BuildPluginError({ kind: 'NotPrepared', reason });
}

/**
 * Checks that a module is not a plugin of the hook ABI.
 *
 * @throws BuildPluginError `OtherGeneration`
 */
export function checkGeneration(exports: readonly NamedExport[]): void {
  if (isHookPlugin(exports)) throw new BuildPluginError({ kind: 'OtherGeneration' });
}

/**
 * Describes a plugin by its compiled module, and by what its sections say of the original.
 *
 * @param imports those of the original.
 */
export function describePrepared(
  module: WebAssembly.Module,
  preparation: Preparation,
  imports: readonly PluginImport[],
): PluginDescription {
  return {
    imports,
    exports: exportsOf(module, preparation),
    hasStart: preparation.isEmpty || preparation.start !== undefined,
    functions: preparation.metering?.functions,
  };
}

function exportsOf(module: WebAssembly.Module, preparation: Preparation): readonly PluginExternal[] {
  const types = preparation.exportTypes;
  return WebAssembly.Module.exports(module)
    .filter(({ name }) => !preparation.addsExport(name))
    .map(({ name, kind }) => ({ name, kind, type: types.get(name) }));
}
