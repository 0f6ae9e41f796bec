import { fuel } from './fuel.ts';
import { hostFunctionVectors } from './host-functions.ts';
import { identity } from './identity.ts';
import { kernel } from './kernel/index.ts';
import type { LayerVectors } from './layer-vectors.ts';

/** All layers that have vectors, in the order of their files. */
export const layers: readonly LayerVectors[] = [identity, kernel, hostFunctionVectors, fuel];
