import { list, map, string, stringEnum, stringSet, struct, u32 } from '../../json/declare.ts';
import type { Infer } from '../../json/type.ts';

/** What the host offers to a plugin (abi/PROTOCOL.md, Layer 2). */
export const handshakeOffer = struct('HandshakeOffer', {
  handshake_schema_version: u32,
  envelope_version: u32,
  function_versions: map(list(u32)),
  host_capabilities: stringSet,
});
/** The TypeScript type of {@link handshakeOffer}. */
export type HandshakeOffer = Infer<typeof handshakeOffer>;

/** A plugin's answer to an offer. */
export const handshakeAccept = struct('HandshakeAccept', {
  handshake_schema_version: u32,
  envelope_version: u32,
  chosen_versions: map(u32),
  plugin_supported: map(list(u32)),
  implemented_functions: stringSet,
  required_capabilities: stringSet,
});
/** The TypeScript type of {@link handshakeAccept}. */
export type HandshakeAccept = Infer<typeof handshakeAccept>;

/** One function of a raw offer. A function may be listed more than once. */
export const functionVersionOfferRaw = struct('FunctionVersionOfferRaw', { function: string, versions: list(u32) });
/** The TypeScript type of {@link functionVersionOfferRaw}. */
export type FunctionVersionOfferRaw = Infer<typeof functionVersionOfferRaw>;

/** An offer before it is canonicalized: in any order, with repeats. */
export const handshakeOfferRaw = struct('HandshakeOfferRaw', {
  handshake_schema_version: u32,
  envelope_version: u32,
  function_versions: list(functionVersionOfferRaw),
  host_capabilities: list(string),
});
/** The TypeScript type of {@link handshakeOfferRaw}. */
export type HandshakeOfferRaw = Infer<typeof handshakeOfferRaw>;

/** The canonical form of an offer, which all equal offers share. Its bytes are hashed. */
export const canonicalOffer = struct('CanonicalOffer', {
  handshake_schema_version: u32,
  envelope_version: u32,
  function_versions: map(list(u32)),
  host_capabilities: stringSet,
});
/** The TypeScript type of {@link canonicalOffer}. */
export type CanonicalOffer = Infer<typeof canonicalOffer>;

/** The place that a plugin fills in a host. Its functions decide which. */
export const pluginSlot = stringEnum('PluginSlot', ['router', 'observability_hook', 'shape']);
/** The TypeScript type of {@link pluginSlot}. */
export type PluginSlot = Infer<typeof pluginSlot>;
