import type { ExternalKind, FunctionType } from '../wasm/index.ts';

/**
 * An import or export of a plugin. The type of a function is known if the plugin was compiled from
 * bytes.
 */
export interface PluginExternal {
  readonly name: string;
  readonly kind: ExternalKind;
  readonly type: FunctionType | undefined;
}

/** An import of a plugin. */
export type PluginImport = PluginExternal & { readonly module: string };
