import type { PluginSlot, WireFunctionName } from './messages/index.ts';

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
