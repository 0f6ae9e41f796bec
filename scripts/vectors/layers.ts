import { dispatch } from './dispatch/index.ts';
import { identity } from './identity.ts';
import { json } from './json/index.ts';
import type { LayerVectors } from './layer-vectors.ts';
import { requests } from './requests/index.ts';

/** All layers that have vectors, in the order of their files. */
export const layers: readonly LayerVectors[] = [json, identity, requests, dispatch];
