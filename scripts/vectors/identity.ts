import type { LayerVectors } from './layer-vectors.ts';

/** Reading the identity from the bytes of a module. */
export const identity: LayerVectors = {
  layer: 'identity',
  about: 'What a host reads from the custom section of the identity, and what it refuses.',
  vectors: [
    {
      id: 'identity/none',
      rule: 'I-1',
      wasm: 'answer',
      ends: { layer: 'identity', error: { kind: 'MissingCustomSection' } },
    },
  ],
};
