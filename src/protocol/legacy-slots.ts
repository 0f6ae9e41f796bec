import { BuildPluginError, buildPlugin } from '../plugin/index.ts';
import { isOfHost, layerOptions, type PluginSource } from './layer-call.ts';
import { HANDSHAKE_FUEL, HANDSHAKE_WALL_MS, type PluginSlot } from './messages/index.ts';

/** What a router exported before there was a handshake. */
const LEGACY_EXPORT = 'route';

/**
 * The slots of a plugin from before the handshake: `router` when it exports `route`, else none. A
 * plugin that answers a handshake has those of {@link slotsFromHandshake}, and no other export is
 * looked at.
 *
 * The plugin is built as for a handshake, and nothing of it is called; one that cannot be built has
 * no slot.
 *
 * @throws BuildPluginError `InvalidArgument` for what is no module, and `CompilationRefused` where
 * the engine may not compile.
 */
export function slotsFromLegacyExports(plugin: PluginSource): PluginSlot[] {
  try {
    const options = layerOptions({}, { wallMs: HANDSHAKE_WALL_MS, fuel: HANDSHAKE_FUEL });
    const built = buildPlugin(typeof plugin === 'function' ? plugin() : plugin, options);
    const isRouter = built.functionExists(LEGACY_EXPORT);
    built.dispose();
    return isRouter ? ['router'] : [];
  } catch (error) {
    if (error instanceof BuildPluginError && !isOfHost(error.failure)) return [];
    throw error;
  }
}
