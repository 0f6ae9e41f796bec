import type { LayerVectors } from '../layer-vectors.ts';
import { inspectionHooks } from './inspection-hooks.ts';
import { inspectionMetadata } from './inspection-metadata.ts';
import { inspectionSections } from './inspection-sections.ts';

/** Inspection of plugins of the hook ABI. */
export const hooksInspection: LayerVectors = {
  layer: 'hooks-inspection',
  about: 'What a host reads from the bytes of a plugin of the hook ABI, and what it refuses in which order.',
  vectors: [...inspectionSections, ...inspectionMetadata, ...inspectionHooks],
};
