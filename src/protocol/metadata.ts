import { unwrap } from '../failure.ts';
import { checkArgument, isObject } from '../option-rules.ts';
import type { AugmentedMetadata } from './messages/index.ts';
import { type MetadataSource, runMetadataLayer } from './metadata-layer.ts';
import { checkIdentity } from './metadata-validation.ts';
import { addSeconds, type Seconds } from './seconds.ts';

export { MetadataError, type MetadataFailure } from './metadata-error.ts';
export type { MetadataSource } from './metadata-layer.ts';
export { validateMetadata, validateRegistryRecord } from './metadata-validation.ts';
export type { Seconds } from './seconds.ts';

/**
 * Makes the record of a plugin from its identity, handshake and self-check (abi/PROTOCOL.md, Layer
 * 4).
 *
 * @throws MetadataError as {@link validateMetadata} does. TypeError if the source or a part of it
 * is not an object.
 */
export function createMetadata(source: MetadataSource): AugmentedMetadata {
  checkArgument('source', isObject(source), 'an object');
  const { identity, accept, selfCheck } = source;
  checkArgument('source.accept', isObject(accept), 'an accept, as executeHandshake returns it');
  checkArgument('source.selfCheck', isObject(selfCheck), 'a self-check response, as executeSelfCheck returns it');
  checkIdentity(identity);
  return unwrap(runMetadataLayer(source));
}

/**
 * Whether metadata has expired. It expires at `expires_at` (abi/PROTOCOL.md, Layer 4).
 *
 * @param now Unix seconds. If a failed clock makes it NaN or infinite, the metadata counts as
 * expired.
 */
export function isExpired(metadata: Pick<AugmentedMetadata, 'expires_at'>, now: Seconds): boolean {
  const known = typeof now === 'bigint' || Number.isFinite(now);
  return !(known && now < metadata.expires_at);
}

/**
 * Returns how many seconds metadata remains valid (abi/PROTOCOL.md, Layer 4).
 *
 * @param now Unix seconds.
 * @returns 0 if it has expired, as {@link isExpired} says, also if `now` is NaN or infinite.
 */
export function ttlSeconds(metadata: Pick<AugmentedMetadata, 'expires_at'>, now: Seconds): Seconds {
  return isExpired(metadata, now) ? 0 : addSeconds(metadata.expires_at, -now);
}
