import type { LayerVectors } from '../layer-vectors.ts';
import { inspectionHooks } from './hooks.ts';
import { inspectionMetadata } from './metadata.ts';
import { inspectionSections } from './sections.ts';

/** Inspection of plugins of the hook ABI. */
export const hooksInspection: LayerVectors = {
  layer: 'hooks-inspection',
  about: 'What a host reads from the bytes of a plugin of the hook ABI, and what it refuses in which order.',
  vectors: [...inspectionSections, ...inspectionMetadata, ...inspectionHooks],
};
