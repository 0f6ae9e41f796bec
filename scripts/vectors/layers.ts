import { dispatch } from './dispatch/index.ts';
import { fuel } from './fuel.ts';
import { handshake } from './handshake/index.ts';
import { hooksArchives } from './hooks/archives.ts';
import { hooksDispatch } from './hooks/dispatch.ts';
import { hooksInspection } from './hooks/inspection.ts';
import { hostFunctionVectors } from './host-functions.ts';
import { identity } from './identity/index.ts';
import { json } from './json/index.ts';
import { kernel } from './kernel/index.ts';
import type { LayerVectors } from './layer-vectors.ts';
import { offers } from './offers.ts';
import { record } from './record.ts';
import { requests } from './requests/index.ts';
import { selfCheck } from './self-check.ts';

/**
 * All layers that have vectors, in the order in which they run. A layer has a file here, or a
 * folder if it needs more than one. The other files here are shared by several layers.
 */
export const layers: readonly LayerVectors[] = [
  json,
  identity,
  handshake,
  selfCheck,
  record,
  offers,
  requests,
  dispatch,
  kernel,
  hostFunctionVectors,
  fuel,
  hooksArchives,
  hooksInspection,
  hooksDispatch,
];
