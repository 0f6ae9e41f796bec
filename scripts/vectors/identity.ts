import { identityFraming } from './identity-framing.ts';
import { identityPayloads } from './identity-payloads.ts';
import type { LayerVectors } from './layer-vectors.ts';

/** Reading the identity from the bytes of a module. */
export const identity: LayerVectors = {
  layer: 'identity',
  about: 'What a host reads from the custom section of the identity, and what it refuses.',
  vectors: [...identityFraming, ...identityPayloads],
};
