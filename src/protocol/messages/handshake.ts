import { list, map, string, stringEnum, stringSet, struct, u32 } from '../../json/declare.ts';
import type { Infer } from '../../json/type.ts';

/** What the host offers a plugin (abi/PROTOCOL.md, Layer 2). */
export const handshakeOffer = struct('HandshakeOffer', {
  handshake_schema_version: u32,
  envelope_version: u32,
  function_versions: map(list(u32)),
  host_capabilities: stringSet,
});
/** What {@link handshakeOffer} decodes to. */
export type HandshakeOffer = Infer<typeof handshakeOffer>;

/** What a plugin answers to an offer. */
export const handshakeAccept = struct('HandshakeAccept', {
  handshake_schema_version: u32,
  envelope_version: u32,
  chosen_versions: map(u32),
  plugin_supported: map(list(u32)),
  implemented_functions: stringSet,
  required_capabilities: stringSet,
});
/** What {@link handshakeAccept} decodes to. */
export type HandshakeAccept = Infer<typeof handshakeAccept>;

/** One function of a raw offer; a function may be listed more than once. */
export const functionVersionOfferRaw = struct('FunctionVersionOfferRaw', { function: string, versions: list(u32) });
/** What {@link functionVersionOfferRaw} decodes to. */
export type FunctionVersionOfferRaw = Infer<typeof functionVersionOfferRaw>;

/** An offer as a host may have it before it is canonicalized: in any order, with repeats. */
export const handshakeOfferRaw = struct('HandshakeOfferRaw', {
  handshake_schema_version: u32,
  envelope_version: u32,
  function_versions: list(functionVersionOfferRaw),
  host_capabilities: list(string),
});
/** What {@link handshakeOfferRaw} decodes to. */
export type HandshakeOfferRaw = Infer<typeof handshakeOfferRaw>;

/** The one form that equal offers have in common; its bytes are hashed. */
export const canonicalOffer = struct('CanonicalOffer', {
  handshake_schema_version: u32,
  envelope_version: u32,
  function_versions: map(list(u32)),
  host_capabilities: stringSet,
});
/** What {@link canonicalOffer} decodes to. */
export type CanonicalOffer = Infer<typeof canonicalOffer>;

/** The place in a host that a plugin fills, told by the functions that it implements; in the reference's order. */
export const pluginSlot = stringEnum('PluginSlot', ['router', 'observability_hook', 'shape']);
/** What {@link pluginSlot} decodes to. */
export type PluginSlot = Infer<typeof pluginSlot>;
