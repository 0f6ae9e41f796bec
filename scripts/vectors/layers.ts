import { handshake } from './handshake.ts';
import { identity } from './identity.ts';
import type { LayerVectors } from './layer-vectors.ts';
import { offers } from './offers.ts';
import { record } from './record.ts';
import { selfCheck } from './self-check.ts';

/** All layers that have vectors, in the order of their files. */
export const layers: readonly LayerVectors[] = [identity, handshake, selfCheck, record, offers];
