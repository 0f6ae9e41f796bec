import type { LayerVectors } from '../layer-vectors.ts';
import { handshakeAccepts } from './accepts.ts';
import { handshakeCalls } from './calls.ts';
import { handshakeExports } from './exports.ts';
import { handshakeOffers } from './offers.ts';

/** Offering functions to a plugin, and checking its answer. */
export const handshake: LayerVectors = {
  layer: 'handshake',
  about: 'How a host offers its functions to a plugin, and the order in which it checks the answer.',
  vectors: [...handshakeOffers, ...handshakeCalls, ...handshakeAccepts, ...handshakeExports],
};
