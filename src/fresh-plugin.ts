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

/**
 * Builds a plugin for one purpose, without host functions, and disposes of it afterwards.
 *
 * @param refuse makes the error for a plugin that cannot be compiled or built.
 * @throws BuildPluginError `InvalidArgument`, which is the host's mistake and not the plugin's.
 */
export function withFreshPlugin<T>(
  source: PluginSource,
  options: Omit<PluginOptions, 'functions'>,
  refuse: (reason: string, cause: unknown) => Error,
  use: (plugin: Plugin) => T,
): T {
  const plugin = build(source, options, refuse);
  try {
    return use(plugin);
  } finally {
    plugin.dispose();
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
    if (error instanceof BuildPluginError && error.failure.kind === 'InvalidArgument') throw error;
    throw refuse(error instanceof Error ? error.message : String(error), error);
  }
}
