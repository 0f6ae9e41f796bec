import type { LayerVectors } from '../layer-vectors.ts';
import { inspectionMetadata } from './inspection-metadata.ts';

/** Inspection of plugins of the hook ABI. */
export const hooksInspection: LayerVectors = {
  layer: 'hooks-inspection',
  about: 'What a host reads from the bytes of a plugin of the hook ABI, and what it refuses in which order.',
  vectors: [...inspectionMetadata],
};
