import { handshakeAccepts } from './handshake-accepts.ts';
import { handshakeCalls } from './handshake-calls.ts';
import { handshakeExports } from './handshake-exports.ts';
import { handshakeOffers } from './handshake-offers.ts';
import type { LayerVectors } from './layer-vectors.ts';

/** Offering functions to a plugin, and checking its answer. */
export const handshake: LayerVectors = {
  layer: 'handshake',
  about: 'How a host offers its functions to a plugin, and the order in which it checks the answer.',
  vectors: [...handshakeOffers, ...handshakeCalls, ...handshakeAccepts, ...handshakeExports],
};
