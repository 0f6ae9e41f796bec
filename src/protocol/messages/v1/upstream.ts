import { taggedUnion } from '../../../json/declare.ts';
import type { Infer } from '../../../json/type.ts';

/** Where a request goes. */
export const upstreamWire = taggedUnion('UpstreamWire', { anthropic_direct: null });
/** What {@link upstreamWire} decodes to. */
export type UpstreamWire = Infer<typeof upstreamWire>;

/** Whose dialect shapes a request. */
export const dialectBinding = taggedUnion('DialectBinding', { self: null });
/** What {@link dialectBinding} decodes to. */
export type DialectBinding = Infer<typeof dialectBinding>;
