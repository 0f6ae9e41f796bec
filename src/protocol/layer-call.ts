import { type Result, resultOf } from '../failure.ts';
import { checkArgument, isObject, limitRule, type OptionRules } from '../option-rules.ts';
import { type BuildFailure, BuildPluginError } from '../plugin/build-error.ts';
import { CompiledPlugin } from '../plugin/compiled-plugin.ts';
import type { PluginOptions } from '../plugin/options.ts';
import { Plugin } from '../plugin/plugin.ts';

/**
 * A plugin that a layer looks at: compiled, or what compiling it came to. If that is an error, the
 * layer fails with it.
 */
export type PluginSource = CompiledPlugin | Result<CompiledPlugin>;

/** What one call of a layer may use. A missing or `undefined` limit is the protocol's. */
export interface LayerBudget {
  /** Milliseconds. */
  readonly wallMs?: number | undefined;
  /** Instructions, as abi/KERNEL.md ("Fuel") counts them. */
  readonly fuel?: number | undefined;
  /**
   * Pages of 64 KiB by which the memories of plugin and kernel may grow together. 1,024 by default:
   * the protocol has no limit.
   */
  readonly memoryMaxPages?: number | undefined;
  /**
   * Pages of 64 KiB that the plugin's memories may have at first. 1,024 by default: the protocol
   * has no limit.
   */
  readonly initialMemoryMaxPages?: number | undefined;
  /**
   * Entries that its tables may have, at first and by growth. 1,000,000 by default: the protocol
   * has no limit.
   */
  readonly tableMaxEntries?: number | undefined;
}

/** The rules of a {@link LayerBudget}. */
export const layerBudgetRules: OptionRules<LayerBudget> = {
  wallMs: limitRule,
  fuel: limitRule,
  memoryMaxPages: limitRule,
  initialMemoryMaxPages: limitRule,
  tableMaxEntries: limitRule,
};

/** Bounds the memory of a layer's call: 64 MiB by growth, as much at first. The layer frees it at its end. */
const LAYER_MEMORY = { memoryMaxPages: 1_024, initialMemoryMaxPages: 1_024, tableMaxEntries: 1_000_000 } as const;

/**
 * The options of a layer's plugin.
 *
 * @param limits the protocol's time and fuel for the layer.
 */
export function layerOptions(
  budget: LayerBudget,
  limits: { readonly wallMs: number; readonly fuel: number },
): Required<LayerBudget> {
  return {
    wallMs: budget.wallMs ?? limits.wallMs,
    fuel: budget.fuel ?? limits.fuel,
    memoryMaxPages: budget.memoryMaxPages ?? LAYER_MEMORY.memoryMaxPages,
    initialMemoryMaxPages: budget.initialMemoryMaxPages ?? LAYER_MEMORY.initialMemoryMaxPages,
    tableMaxEntries: budget.tableMaxEntries ?? LAYER_MEMORY.tableMaxEntries,
  };
}

/** What a layer came to, and the fuel that its call burnt. */
export type LayerResult<T> = Result<T> & {
  /** Missing when the plugin was not built, or is not metered. */
  readonly fuel?: number;
};

/** @throws TypeError if a layer is given something that is not compiled. */
export function checkSource(plugin: unknown): void {
  const holds = plugin instanceof CompiledPlugin || (isObject(plugin) && 'ok' in plugin);
  checkArgument('plugin', holds, 'a CompiledPlugin, as compilePlugin(bytes) returns it');
}

/**
 * The compiled plugin of a source.
 *
 * @throws the error of compiling it, if the source is a failed result.
 */
export function compiledOf(source: PluginSource): CompiledPlugin {
  if (source instanceof CompiledPlugin) return source;
  if (source.ok) return source.value;
  throw source.error;
}

/**
 * Builds a plugin for one purpose, without host functions, and disposes of it afterwards.
 *
 * @param refuse makes the error of a plugin that cannot be compiled or built. Errors of the host
 * pass unchanged: a BuildPluginError `InvalidArgument` or `CompilationRefused`, and any error of
 * another class.
 * @returns what `use` returned or threw, so that the fuel is known after a failure too.
 */
export function withFreshPlugin<T>(
  source: PluginSource,
  options: Omit<PluginOptions, 'functions'>,
  refuse: (reason: string, options: ErrorOptions) => Error,
  use: (plugin: Plugin) => T,
): LayerResult<T> {
  const built = resultOf(() => new Plugin(compiledOf(source), options));
  if (!built.ok) {
    const { error } = built;
    if (!(error instanceof BuildPluginError) || isOfHost(error.failure)) return built;
    return { ok: false, error: refuse(error.message, { cause: error }) };
  }
  const plugin = built.value;
  const result = resultOf(() => use(plugin));
  const fuel = plugin.fuelConsumed;
  plugin.dispose();
  return Number.isNaN(fuel) ? result : { ...result, fuel };
}

/** Whether a plugin was not built for a reason that says nothing about the plugin. */
export function isOfHost({ kind }: BuildFailure): boolean {
  return kind === 'InvalidArgument' || kind === 'CompilationRefused';
}
