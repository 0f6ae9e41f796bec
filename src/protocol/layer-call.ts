import {
  type BuildFailure,
  BuildPluginError,
  buildPlugin,
  type CompiledPlugin,
  type Plugin,
  type PluginOptions,
} from '../plugin/index.ts';

/**
 * A plugin that a layer is to look at: the bytes of its module, the module, or the compiled plugin; or a function that gives the latter,
 * called when the layer gets to building it, so that a failure to compile is that layer's.
 */
export type PluginSource = Uint8Array | WebAssembly.Module | CompiledPlugin | (() => CompiledPlugin);

/** What one call of a layer may use up. Missing or `undefined` means the protocol's limit. */
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

/**
 * What the call of a layer may use up of memory: 64 MiB by growth, as much at first. What is used
 * lives as long as the layer.
 */
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

/** What came of a layer: what it found or what it threw; and the fuel that its call burnt. */
export type LayerRun<Found> = ({ readonly found: Found } | { readonly thrown: unknown }) & {
  /** Missing when the plugin was not built, or is not metered. */
  readonly fuel?: number;
};

/** What a layer found; throws what it threw. */
export function foundBy<Found>(run: LayerRun<Found>): Found {
  if ('thrown' in run) throw run.thrown;
  return run.found;
}

/**
 * Builds a plugin for one purpose, without host functions, and disposes of it afterwards. Whatever
 * is thrown is part of what is returned, so that the fuel is known after a failure too.
 *
 * @param refuse makes the error for a plugin that cannot be compiled or built. What is the host's
 * and not the plugin's stays what it is: a BuildPluginError `InvalidArgument` or
 * `CompilationRefused`, and any error that is no BuildPluginError.
 */
export function withFreshPlugin<Found>(
  source: PluginSource,
  options: Omit<PluginOptions, 'functions'>,
  refuse: (reason: string, cause: unknown) => Error,
  use: (plugin: Plugin) => Found,
): LayerRun<Found> {
  const built = attempt(() => build(source, options, refuse));
  if ('thrown' in built) return built;
  const plugin = built.found;
  const run = attempt(() => use(plugin));
  const fuel = plugin.fuelConsumed;
  plugin.dispose();
  return Number.isNaN(fuel) ? run : { ...run, fuel };
}

/** Does work that burns no fuel. */
export function attempt<Found>(work: () => Found): LayerRun<Found> {
  try {
    return { found: work() };
  } catch (thrown) {
    return { thrown };
  }
}

function build(
  source: PluginSource,
  options: PluginOptions,
  refuse: (reason: string, cause: unknown) => Error,
): Plugin {
  try {
    return buildPlugin(typeof source === 'function' ? source() : source, options);
  } catch (error) {
    if (!(error instanceof BuildPluginError) || isOfHost(error.failure)) throw error;
    throw refuse(error.message, error);
  }
}

/** Whether a plugin was not built for a reason that says nothing of the plugin. */
export function isOfHost({ kind }: BuildFailure): boolean {
  return kind === 'InvalidArgument' || kind === 'CompilationRefused';
}
