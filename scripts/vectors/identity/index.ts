import type { LayerVectors } from '../layer-vectors.ts';
import { identityFraming } from './framing.ts';
import { identityPayloads } from './payloads.ts';

/** Reading the identity from the bytes of a module. */
export const identity: LayerVectors = {
  layer: 'identity',
  about: 'What a host reads from the custom section of the identity, and what it refuses.',
  vectors: [...identityFraming, ...identityPayloads],
};
