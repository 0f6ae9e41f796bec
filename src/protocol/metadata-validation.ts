import { translate } from '../failure.ts';
import { checkArgument, isObject } from '../option-rules.ts';
import { IdentityReadError } from './identity-error.ts';
import { validateIdentity } from './identity-payload.ts';
import {
  AUGMENTED_METADATA_MAX_BYTES,
  type AugmentedMetadata,
  augmentedMetadata,
  encodeJson,
  JsonEncodeError,
  type PluginIdentity,
  type PluginRegistryRecord,
  utf8Length,
} from './messages/index.ts';
import { MetadataError, TIME_MAX, type TimestampField, timestampFields } from './metadata-error.ts';
import { isWhole, type Seconds } from './seconds.ts';

/**
 * Checks the identity, the times, the number of functions and the size, in this order
 * (abi/PROTOCOL.md, "Record: order of checks").
 *
 * @throws MetadataError `IdentityValidationFailed`, `InvalidTimestamp`,
 * `ExpirationBeforeHandshake`, `NoNegotiatedFunctions`, `SizeLimitExceeded` or
 * `SerializationFailed`. TypeError if the metadata is not an object.
 */
export function validateMetadata(metadata: AugmentedMetadata): void {
  checkArgument('metadata', isObject(metadata), 'an object');
  checkIdentity(metadata.identity);
  checkArgument(
    'negotiated_functions',
    isObject(metadata.negotiated_functions),
    'an object of function names and versions',
  );
  checkNegotiation(metadata);
}

/**
 * Checks a row of a host's registry: its id, its time, then the metadata (abi/PROTOCOL.md, "Record:
 * order of checks").
 *
 * @throws MetadataError `InvalidTimestamp` for the id or the time, else as {@link validateMetadata}
 * does. TypeError if the record is not an object.
 */
export function validateRegistryRecord(record: PluginRegistryRecord): void {
  checkArgument('record', isObject(record), 'an object');
  if (record.plugin_id === '') throw new MetadataError({ kind: 'InvalidTimestamp', field: 'plugin_id' });
  checkTimestamp('registered_at', record.registered_at);
  validateMetadata(record.augmented_metadata);
}

/**
 * Checks an identity as {@link validateIdentity} does.
 *
 * @throws MetadataError `IdentityValidationFailed`. TypeError if it has not the fields of one.
 */
export function checkIdentity(identity: PluginIdentity): void {
  checkArgument('identity', isIdentity(identity), 'an identity, as readIdentity returns it');
  translate(
    () => validateIdentity(identity),
    IdentityReadError,
    ({ failure }, options) => {
      if (failure.kind !== 'Validation' && failure.kind !== 'MagicMismatch') return undefined;
      const violation = failure.kind === 'Validation' ? failure.violation : failure;
      return new MetadataError({ kind: 'IdentityValidationFailed', violation }, options);
    },
  );
}

/** Whether a value has the fields that {@link validateIdentity} reads. */
function isIdentity(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { magic, plugin_name, plugin_version }: { [K in keyof PluginIdentity]?: unknown } = value;
  return Array.isArray(magic) && typeof plugin_name === 'string' && typeof plugin_version === 'string';
}

/**
 * Checks what comes after the identity: the times, the number of functions and the size, in this
 * order (abi/PROTOCOL.md, "Record: order of checks").
 *
 * @throws MetadataError
 */
export function checkNegotiation(metadata: AugmentedMetadata): void {
  for (const field of timestampFields) checkTimestamp(field, metadata[field]);
  if (metadata.expires_at <= metadata.handshake_completed_at) {
    throw new MetadataError({ kind: 'ExpirationBeforeHandshake' });
  }
  if (Object.keys(metadata.negotiated_functions).length === 0) {
    throw new MetadataError({ kind: 'NoNegotiatedFunctions' });
  }
  const [bytes, max] = [encodedSize(metadata), AUGMENTED_METADATA_MAX_BYTES];
  if (bytes > max) throw new MetadataError({ kind: 'SizeLimitExceeded', bytes, max });
}

function checkTimestamp(field: TimestampField | 'registered_at', time: Seconds): void {
  if (isWhole(time) && time > 0 && time <= TIME_MAX) return;
  throw new MetadataError({ kind: 'InvalidTimestamp', field });
}

function encodedSize(metadata: AugmentedMetadata): number {
  const text = translate(
    () => encodeJson(augmentedMetadata, metadata, 'declared'),
    JsonEncodeError,
    ({ message: reason }, options) => new MetadataError({ kind: 'SerializationFailed', reason }, options),
  );
  return utf8Length(text);
}
