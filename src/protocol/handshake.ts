import { unwrap } from '../failure.ts';
import { checkOptions } from '../option-rules.ts';
import { type HandshakeOptions, runHandshakeLayer } from './handshake-layer.ts';
import { checkSource, layerOptionRules, type PluginSource } from './layer-call.ts';
import type { HandshakeAccept, HandshakeOffer } from './messages/index.ts';

export { validateAccept, validateAcceptShape } from './accept.ts';
export { HandshakeExecutionError, type HandshakeExecutionFailure, type HandshakeViolation } from './handshake-error.ts';
export type { HandshakeOptions } from './handshake-layer.ts';
export type { LayerBudget, LayerOptions, PluginSource } from './layer-call.ts';
export {
  buildOffer,
  canonicalizeOffer,
  ENVELOPE_VERSION,
  HANDSHAKE_SCHEMA_VERSION,
  hostOfferHash,
  validateOffer,
} from './offer.ts';
export { functionForSlot, slotsFromHandshake, slotsFromLegacyExports } from './slots.ts';

/**
 * Offers the host's functions to a plugin and checks its answer (abi/PROTOCOL.md, Layer 2).
 *
 * It builds the plugin anew and disposes of it afterwards. `admit` makes the same handshake, and
 * reports the fuel that the plugin's call burnt.
 *
 * @param plugin the compiled plugin, or the result of compiling it: `compilePlugin(bytes)`.
 * @param options `wallMs` and `fuel` replace the protocol's 200 ms and 10,000,000. The other limits
 * replace the defaults of this package, where the protocol has none.
 * @returns what the plugin accepted.
 * @throws HandshakeExecutionError with the first failure in the protocol's order of steps.
 * TypeError if an argument is malformed. BuildPluginError `CompilationRefused` where the engine may
 * not compile. Exceptions from `telemetry` propagate.
 */
export function executeHandshake(
  plugin: PluginSource,
  offer: HandshakeOffer,
  options: HandshakeOptions = {},
): HandshakeAccept {
  checkSource(plugin);
  checkOptions(options, layerOptionRules);
  return unwrap(runHandshakeLayer(plugin, offer, options));
}
