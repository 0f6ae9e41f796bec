import { BuildPluginError } from '../plugin/build-error.ts';
import { Plugin } from '../plugin/plugin.ts';
import { checkSource, compiledOf, isOfHost, layerOptions, type PluginSource } from './layer-call.ts';
import { HANDSHAKE_FUEL, HANDSHAKE_WALL_MS, type PluginSlot, type WireFunctionName } from './messages/index.ts';

/** The wire function that fills each slot, in the order of the slots (abi/PROTOCOL.md, Layer 2). */
const functionOfSlot: Readonly<Record<PluginSlot, WireFunctionName>> = {
  router: 'filter',
  observability_hook: 'observe',
  shape: 'shape',
};

/**
 * The slots that a plugin can fill, in the protocol's order, each once (abi/PROTOCOL.md, "Slots and kinds").
 *
 * @param implemented the `implemented_functions` of an accept; other names than those of slots are ignored.
 */
export function slotsFromHandshake(implemented: Iterable<string>): PluginSlot[] {
  const names = new Set(implemented);
  // The keys of the table are the slots.
  return (Object.keys(functionOfSlot) as PluginSlot[]).filter((slot) => names.has(functionOfSlot[slot]));
}

/**
 * The wire function that fills a slot: the reverse of {@link slotsFromHandshake} (abi/PROTOCOL.md, "Slots and kinds").
 *
 * @throws TypeError for what is no slot.
 */
export function functionForSlot(slot: PluginSlot): WireFunctionName {
  if (Object.hasOwn(functionOfSlot, slot)) return functionOfSlot[slot];
  throw new TypeError(`a slot must be one of ${Object.keys(functionOfSlot).join(', ')}`);
}

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
