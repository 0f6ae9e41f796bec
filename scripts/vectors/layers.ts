import { hooksArchives } from './hooks/archives.ts';
import { identity } from './identity.ts';
import type { LayerVectors } from './layer-vectors.ts';

/** All layers that have vectors, in the order of their files. */
export const layers: readonly LayerVectors[] = [identity, hooksArchives];
