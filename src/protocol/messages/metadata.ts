import { bool, fixedArray, i64, map, string, stringSet, struct, u8, u32 } from '../../json/declare.ts';
import type { Infer } from '../../json/type.ts';

/** A plugin's identity, from its custom section (abi/PROTOCOL.md, Layer 1). */
export const pluginIdentity = struct('PluginIdentity', {
  magic: fixedArray(u8, 8),
  abi_envelope: u32,
  plugin_name: string,
  plugin_version: string,
});
/** The TypeScript type of {@link pluginIdentity}. */
export type PluginIdentity = Infer<typeof pluginIdentity>;

/** The record of an admitted plugin (abi/PROTOCOL.md, Layer 4). Times are in Unix seconds. */
export const augmentedMetadata = struct('AugmentedMetadata', {
  identity: pluginIdentity,
  negotiated_functions: map(u32),
  negotiated_capabilities: stringSet,
  handshake_completed_at: i64,
  self_check_passed: bool,
  self_check_completed_at: i64,
  expires_at: i64,
});
/** The TypeScript type of {@link augmentedMetadata}. */
export type AugmentedMetadata = Infer<typeof augmentedMetadata>;

/** One row of a host's registry of plugins. */
export const pluginRegistryRecord = struct('PluginRegistryRecord', {
  plugin_id: string,
  augmented_metadata: augmentedMetadata,
  /** Unix seconds. */
  registered_at: i64,
});
/** The TypeScript type of {@link pluginRegistryRecord}. */
export type PluginRegistryRecord = Infer<typeof pluginRegistryRecord>;
