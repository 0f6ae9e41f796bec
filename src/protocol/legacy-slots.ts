import { BuildPluginError } from '../plugin/build-error.ts';
import { Plugin } from '../plugin/plugin.ts';
import { checkSource, compiledOf, isOfHost, layerOptions, type PluginSource } from './layer-call.ts';
import { HANDSHAKE_FUEL, HANDSHAKE_WALL_MS, type PluginSlot } from './messages/index.ts';

/** What a router exported before there was a handshake. */
const LEGACY_EXPORT = 'route';

/**
 * The slots of a plugin from before the handshake: `router` if it exports `route`, else none. A
 * plugin that answers a handshake has those of {@link slotsFromHandshake} instead.
 *
 * The plugin is built as for a handshake, and none of its exports is called; one that cannot be
 * built has no slot.
 *
 * @throws TypeError if `plugin` is not compiled. BuildPluginError `CompilationRefused` where the
 * engine may not compile.
 */
export function slotsFromLegacyExports(plugin: PluginSource): PluginSlot[] {
  checkSource(plugin);
  try {
    const options = layerOptions({}, { wallMs: HANDSHAKE_WALL_MS, fuel: HANDSHAKE_FUEL });
    const built = new Plugin(compiledOf(plugin), options);
    const isRouter = built.functionExists(LEGACY_EXPORT);
    built.dispose();
    return isRouter ? ['router'] : [];
  } catch (error) {
    if (error instanceof BuildPluginError && !isOfHost(error.failure)) return [];
    throw error;
  }
}
