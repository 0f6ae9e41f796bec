import { fixedArray, string, struct, u8, u32 } from '../../json/declare.ts';
import type { Infer } from '../../json/type.ts';

/** What a plugin says of itself in its custom section (abi/PROTOCOL.md, Layer 1). */
export const pluginIdentity = struct('PluginIdentity', {
  magic: fixedArray(u8, 8),
  abi_envelope: u32,
  plugin_name: string,
  plugin_version: string,
});
/** What {@link pluginIdentity} decodes to. */
export type PluginIdentity = Infer<typeof pluginIdentity>;
