import type { ReferenceKind } from '../kind.ts';
import { dispatch } from './dispatch.ts';
import { fuel } from './fuel.ts';
import { handshake } from './handshake.ts';
import { hostFunctionsKind } from './host-functions.ts';
import { identity } from './identity.ts';
import { kernel } from './kernel.ts';
import { probes } from './probes.ts';
import { offerHashes, records, registry } from './records.ts';
import { selfCheck } from './self-check.ts';
import { wireTypesKind } from './types.ts';

/** All kinds of cases, in the order of the layers. */
export const kinds: readonly ReferenceKind[] = [
  identity,
  handshake,
  selfCheck,
  dispatch,
  wireTypesKind,
  records,
  registry,
  offerHashes,
  kernel,
  hostFunctionsKind,
  fuel,
  probes,
];
