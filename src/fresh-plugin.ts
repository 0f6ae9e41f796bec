import { BuildPluginError, buildPlugin, type CompiledPlugin, type Plugin, type PluginOptions } from './plugin/index.ts';

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
 * Builds a plugin for one purpose, without host functions, and disposes of it afterwards. Whatever is thrown is part of what is returned,
 * so that the fuel is known after a failure too.
 *
 * @param refuse makes the error for a plugin that cannot be compiled or built. What is the host's mistake and not the plugin's stays what it is:
 * a BuildPluginError `InvalidArgument`, and any error that is no BuildPluginError.
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
    if (!(error instanceof BuildPluginError) || error.failure.kind === 'InvalidArgument') throw error;
    throw refuse(error.message, error);
  }
}
