import { checkArgument, collectionRule } from '../option-rules.ts';
import { BuildPluginError } from '../plugin/build-error.ts';
import { Plugin } from '../plugin/plugin.ts';
import { checkSource, compiledOf, isOfHost, type PluginSource, pluginOptions } from './layer-call.ts';
import { HANDSHAKE_FUEL, HANDSHAKE_WALL_MS, type PluginSlot, type WireFunctionName } from './messages/index.ts';

/** The wire function that fills each slot, in the order of the slots (abi/PROTOCOL.md, Layer 2). */
const functionOfSlot: Readonly<Record<PluginSlot, WireFunctionName>> = {
  router: 'filter',
  observability_hook: 'observe',
  shape: 'shape',
};

/**
 * Returns the slots that a plugin can fill, in the protocol's order, each once (abi/PROTOCOL.md,
 * "Slots and kinds").
 *
 * @param implemented the `implemented_functions` of an accept. Names that fill no slot are ignored.
 * @throws TypeError if it is not a collection.
 */
export function slotsFromHandshake(implemented: Iterable<string>): PluginSlot[] {
  checkArgument('implemented', collectionRule.holds(implemented), collectionRule.expected);
  const names = new Set(implemented);
  // The keys of the table are the slots.
  return (Object.keys(functionOfSlot) as PluginSlot[]).filter((slot) => names.has(functionOfSlot[slot]));
}

/**
 * Returns the wire function that fills a slot: the reverse of {@link slotsFromHandshake}
 * (abi/PROTOCOL.md, "Slots and kinds").
 *
 * @throws TypeError if there is no such slot.
 */
export function functionForSlot(slot: PluginSlot): WireFunctionName {
  if (Object.hasOwn(functionOfSlot, slot)) return functionOfSlot[slot];
  throw new TypeError(`a slot must be one of ${Object.keys(functionOfSlot).join(', ')}`);
}

/** The export of a router that is older than the handshake. */
const LEGACY_EXPORT = 'route';

/**
 * Returns the slots of a plugin that is older than the handshake: `router` if it exports `route`,
 * else none. For a plugin that answers a handshake use {@link slotsFromHandshake}.
 *
 * It builds the plugin as for a handshake, and calls no export. A plugin that cannot be built has
 * no slot.
 *
 * @throws TypeError if `plugin` is not compiled. BuildPluginError `CompilationRefused` where the
 * engine may not compile.
 */
export function slotsFromLegacyExports(plugin: PluginSource): PluginSlot[] {
  checkSource(plugin);
  try {
    const options = pluginOptions({}, { wallMs: HANDSHAKE_WALL_MS, fuel: HANDSHAKE_FUEL });
    const built = new Plugin(compiledOf(plugin), options);
    const isRouter = built.functionExists(LEGACY_EXPORT);
    built.dispose();
    return isRouter ? ['router'] : [];
  } catch (error) {
    if (error instanceof BuildPluginError && !isOfHost(error)) return [];
    throw error;
  }
}
