import {
  type AugmentedMetadata,
  admit,
  buildPlugin,
  hostFunctions,
  loadPlugin,
  type Plugin,
} from 'cc-lb-runtime-protocol/prepared';
import dialectModule from './dialect.wasm';
import type { Environment } from './environment.ts';
import { PluginRefusal } from './refusal.ts';
import routerModule from './router.wasm';
import { MemoryStore, SavedStorage } from './storage.ts';

/** A plugin that was admitted. */
export interface OpenPlugin {
  readonly plugin: Plugin;
  readonly metadata: AugmentedMetadata;
}

/** The plugins of the worker, and what they store. */
export interface OpenPlugins {
  readonly router: OpenPlugin;
  readonly dialect: OpenPlugin;
  readonly storage: SavedStorage;
}

const store = new MemoryStore();

/**
 * Admits and builds the plugins.
 *
 * @throws in the promise: PluginRefusal if one is not admitted.
 */
export async function openPlugins(environment: Environment): Promise<OpenPlugins> {
  const storage = await SavedStorage.open(store);
  const open = (name: string, module: WebAssembly.Module) => openPlugin(name, module, storage, environment);
  return { router: open('router', routerModule), dialect: open('dialect', dialectModule), storage };
}

function openPlugin(
  name: string,
  module: WebAssembly.Module,
  storage: SavedStorage,
  { PLUGIN_FUEL, STORAGE_QUOTA_BYTES }: Environment,
): OpenPlugin {
  const loaded = loadPlugin(module);
  const { metadata, layers } = admit(loaded, { hostFunctions: true });
  if (metadata === undefined) {
    const failed = layers.find(({ status }) => status === 'failed');
    throw new PluginRefusal(`the ${name} is not admitted: ${failed?.layer}: ${failed?.error?.message}`);
  }
  const pluginName = metadata.identity.plugin_name;
  const functions = hostFunctions({ pluginName, storageQuotaBytes: STORAGE_QUOTA_BYTES, state: storage });
  // Where the clock stands while code runs, fuel alone ends a call.
  return { plugin: buildPlugin(loaded, { name: pluginName, fuel: PLUGIN_FUEL, functions }), metadata };
}
