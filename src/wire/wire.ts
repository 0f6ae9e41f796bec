import { allowedFunctionsForKind, requiredFunctionsForKind } from './kinds.ts';
import { limits } from './limits.ts';
import { v1 } from './v1/index.ts';
import { v2 } from './v2/index.ts';
import { v3 } from './v3/index.ts';
import { allWireFunctions } from './wire-function.ts';

/** The wire functions of each version, the limits, and what the kinds of plugins implement (abi/PROTOCOL.md). */
export const wire = {
  v1,
  v2,
  v3,
  limits,
  allWireFunctions,
  requiredFunctionsForKind,
  allowedFunctionsForKind,
} as const;
