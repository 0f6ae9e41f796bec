import { opaqueObject, string, struct } from '../declare.ts';
import type { Infer } from '../type.ts';

/** Who makes the request. */
export const principal = struct('Principal', { id: string, kind: string, claims: opaqueObject });
export type Principal = Infer<typeof principal>;
