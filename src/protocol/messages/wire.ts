import { limits } from '../limits.ts';
import { types as typesV1, v1 } from './v1/index.ts';
import { types as typesV2, v2 } from './v2.ts';
import { types as typesV3, v3 } from './v3.ts';
import { allowedFunctionsForKind, allWireFunctions, requiredFunctionsForKind } from './wire-function.ts';

/**
 * The wire functions of each version, the limits, and what each kind of plugin implements
 * (abi/PROTOCOL.md).
 */
export const wire = {
  v1,
  v2,
  v3,
  limits,
  allWireFunctions,
  requiredFunctionsForKind,
  allowedFunctionsForKind,
} as const;

/**
 * The types that the wire functions of each version share, by their names in the reference. The
 * types of a request and response are in the `schemas` of their function.
 */
export const wireTypes = { v1: typesV1, v2: typesV2, v3: typesV3 } as const;
