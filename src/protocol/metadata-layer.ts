import { resultOf } from '../failure.ts';
import type { LayerResult } from './layer-call.ts';
import {
  type AugmentedMetadata,
  type HandshakeAccept,
  type PluginIdentity,
  type SelfCheckResponse,
  SKIP_HANDSHAKE_IF_FRESH_TTL_SECS,
} from './messages/index.ts';
import { checkNegotiation } from './metadata-validation.ts';
import { addSeconds, type Seconds } from './seconds.ts';

/** What a plugin's metadata is made from. */
export interface MetadataSource {
  readonly identity: PluginIdentity;
  readonly accept: Pick<HandshakeAccept, 'chosen_versions' | 'required_capabilities'>;
  /** When the handshake ended, in Unix seconds. */
  readonly handshakeCompletedAt: Seconds;
  /** The self-check's response. A failed one is recorded as failed. */
  readonly selfCheck: Pick<SelfCheckResponse, 'status' | 'completed_at'>;
  /** How long the metadata is valid, in seconds; a week by default. */
  readonly ttlSecs?: Seconds | undefined;
}

/**
 * Runs Layer 4 for `createMetadata`, which has checked the source, and for `admit`, whose earlier
 * layers have made it. It does not check the identity.
 *
 * @returns the metadata, or its MetadataError.
 */
export function runMetadataLayer(source: MetadataSource): LayerResult<AugmentedMetadata> {
  return resultOf(() => {
    const { identity, accept, handshakeCompletedAt, selfCheck } = source;
    const metadata: AugmentedMetadata = {
      identity,
      negotiated_functions: accept.chosen_versions,
      negotiated_capabilities: accept.required_capabilities,
      handshake_completed_at: handshakeCompletedAt,
      self_check_passed: selfCheck.status === 'success',
      self_check_completed_at: selfCheck.completed_at,
      expires_at: addSeconds(handshakeCompletedAt, source.ttlSecs ?? SKIP_HANDSHAKE_IF_FRESH_TTL_SECS),
    };
    checkNegotiation(metadata);
    return metadata;
  });
}
