import { opaqueObject, string, struct } from '../../../json/declare.ts';
import type { Infer } from '../../../json/type.ts';

/** Who makes the request. */
export const principal = struct('Principal', { id: string, kind: string, claims: opaqueObject });
/** What {@link principal} decodes to. */
export type Principal = Infer<typeof principal>;
