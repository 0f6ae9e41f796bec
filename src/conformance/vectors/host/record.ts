import { i64, skippedWhenNone, struct, u64 } from '../../../json/declare.ts';
import { decodeJson } from '../../../json/decode.ts';
import { encodeJson } from '../../../json/encode.ts';
import { OpaqueJson } from '../../../json/opaque-json.ts';
import {
  type AugmentedMetadata,
  augmentedMetadata,
  handshakeAccept,
  pluginIdentity,
  pluginRegistryRecord,
  selfCheckResponse,
} from '../../../protocol/messages/index.ts';
import {
  createMetadata,
  isExpired,
  MetadataError,
  ttlSeconds,
  validateMetadata,
  validateRegistryRecord,
} from '../../../protocol/metadata.ts';
import type { End } from '../end.ts';
import type { Vector } from '../vector.ts';
import { endOf } from './failed.ts';
import { endOfGivenJson } from './given-json.ts';

/** What metadata is made from. */
const metadataSource = struct('MetadataSource', {
  identity: pluginIdentity,
  accept: handshakeAccept,
  self_check: selfCheckResponse,
  handshake_completed_at: i64,
  ttl_secs: skippedWhenNone(u64),
});

/** Makes metadata, or reads metadata or a record, and ends with it. */
export async function recordEnds({ make, metadata, record, now }: Vector<'record'>): Promise<readonly End[]> {
  const end = await endOfGivenJson(() =>
    endOf({ metadata: MetadataError }, () => {
      if (typeof record === 'string') return recordEnd(record);
      const valid = typeof make === 'string' ? made(make) : read(metadata ?? '');
      return { response: encodeJson(augmentedMetadata, valid, 'declared'), ...ageOf(valid, now) };
    }),
  );
  return [end];
}

function made(text: string): AugmentedMetadata {
  const source = decodeJson(metadataSource, text);
  const { identity, accept, self_check: selfCheck, handshake_completed_at: handshakeCompletedAt } = source;
  return createMetadata({ identity, accept, selfCheck, handshakeCompletedAt, ttlSecs: source.ttl_secs ?? undefined });
}

function read(text: string): AugmentedMetadata {
  const metadata = decodeJson(augmentedMetadata, text);
  validateMetadata(metadata);
  return metadata;
}

function recordEnd(text: string): End {
  const record = decodeJson(pluginRegistryRecord, text);
  validateRegistryRecord(record);
  return { response: encodeJson(pluginRegistryRecord, record, 'declared') };
}

/** Whether the metadata has expired at a time, if the vector asks. */
function ageOf(metadata: AugmentedMetadata, now: Vector<'record'>['now']): End {
  if (now === null || now === undefined) return {};
  return { expired: isExpired(metadata, now), remaining: OpaqueJson.from(ttlSeconds(metadata, now)) };
}
