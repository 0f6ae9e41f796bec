import { FailureError, type FailureMessages, translate } from '../failure.ts';
import { checkArgument, isObject } from '../option-rules.ts';
import { IdentityReadError, type IdentityReadFailure, type IdentityViolation } from './identity-error.ts';
import { validateIdentity } from './identity-payload.ts';
import {
  AUGMENTED_METADATA_MAX_BYTES,
  type AugmentedMetadata,
  augmentedMetadata,
  encodeJson,
  type HandshakeAccept,
  JsonEncodeError,
  type PluginIdentity,
  type PluginRegistryRecord,
  type SelfCheckResponse,
  SKIP_HANDSHAKE_IF_FRESH_TTL_SECS,
  utf8Length,
} from './messages/index.ts';

/** A Unix time or a duration, in seconds; a `bigint` if it is not a safe integer. */
export type Seconds = number | bigint;

/**
 * What is wrong with a record (abi/PROTOCOL.md, Layer 4).
 *
 * - `IdentityValidationFailed`: the identity breaks the rules of Layer 1.
 * - `InvalidTimestamp`: the time in `field` is not a whole number of seconds after 1970 that fits
 *   an i64. As in the reference, it also stands for an empty `plugin_id`.
 * - `ExpirationBeforeHandshake`: `expires_at` is not after `handshake_completed_at`.
 * - `NoNegotiatedFunctions`: no function could be dispatched.
 * - `SizeLimitExceeded`: the metadata has more than 262144 bytes as JSON.
 * - `SerializationFailed`: the metadata cannot be written as JSON.
 */
export type MetadataFailure =
  | {
      readonly kind: 'IdentityValidationFailed';
      readonly violation: IdentityViolation | Extract<IdentityReadFailure, { kind: 'MagicMismatch' }>;
    }
  | { readonly kind: 'InvalidTimestamp'; readonly field: TimestampField | 'registered_at' | 'plugin_id' }
  | { readonly kind: 'ExpirationBeforeHandshake' }
  | { readonly kind: 'NoNegotiatedFunctions' }
  | { readonly kind: 'SizeLimitExceeded'; readonly bytes: number; readonly max: number }
  | { readonly kind: 'SerializationFailed'; readonly reason: string };

/** The latest time: the fields are i64. */
const TIME_MAX = 0x7fff_ffff_ffff_ffffn;

/** The times of the metadata, in the order in which they are checked. */
const timestampFields = ['handshake_completed_at', 'self_check_completed_at', 'expires_at'] as const;
type TimestampField = (typeof timestampFields)[number];

const messages: FailureMessages<MetadataFailure> = {
  IdentityValidationFailed: (f) => `the identity is not valid: ${f.violation.kind}`,
  InvalidTimestamp: (f) =>
    f.field === 'plugin_id'
      ? 'plugin_id must not be empty'
      : `${f.field} must be a whole number of seconds after 1970, and at most ${TIME_MAX}`,
  ExpirationBeforeHandshake: () => 'expires_at must be after handshake_completed_at',
  NoNegotiatedFunctions: () => 'negotiated_functions must have at least one function',
  SizeLimitExceeded: (f) => `the metadata has ${f.bytes} bytes as JSON, at most ${f.max} are allowed`,
  SerializationFailed: (f) => `the metadata cannot be written: ${f.reason}`,
};

/**
 * Metadata or a registry record that breaks the rules. `cause` is the underlying error, if there is
 * one.
 */
export class MetadataError extends FailureError<MetadataFailure> {
  override readonly name = 'MetadataError';

  protected override get messages(): FailureMessages<MetadataFailure> {
    return messages;
  }
}

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
  return metadataOf(source);
}

/**
 * {@link createMetadata} of a source whose parts are what the layers found.
 *
 * @throws MetadataError
 */
export function metadataOf(source: MetadataSource): AugmentedMetadata {
  const { identity, accept, handshakeCompletedAt, selfCheck } = source;
  const metadata: AugmentedMetadata = {
    identity,
    negotiated_functions: accept.chosen_versions,
    negotiated_capabilities: accept.required_capabilities,
    handshake_completed_at: handshakeCompletedAt,
    self_check_passed: selfCheck.status === 'success',
    self_check_completed_at: selfCheck.completed_at,
    expires_at: sum(handshakeCompletedAt, source.ttlSecs ?? SKIP_HANDSHAKE_IF_FRESH_TTL_SECS),
  };
  checkNegotiation(metadata);
  return metadata;
}

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

function checkNegotiation(metadata: AugmentedMetadata): void {
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
  return isExpired(metadata, now) ? 0 : sum(metadata.expires_at, -now);
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

function checkIdentity(identity: PluginIdentity): void {
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

function checkTimestamp(field: TimestampField | 'registered_at', time: Seconds): void {
  if (isWhole(time) && time > 0 && time <= TIME_MAX) return;
  throw new MetadataError({ kind: 'InvalidTimestamp', field });
}

function isWhole(seconds: Seconds): boolean {
  return typeof seconds === 'bigint' || Number.isSafeInteger(seconds);
}

/** Adds exactly if both are whole; else returns a number that is not whole either. */
function sum(a: Seconds, b: Seconds): Seconds {
  if (!isWhole(a) || !isWhole(b)) return Number(a) + Number(b);
  const exact = BigInt(a) + BigInt(b);
  const double = Number(exact);
  return Number.isSafeInteger(double) ? double : exact;
}

function encodedSize(metadata: AugmentedMetadata): number {
  const text = translate(
    () => encodeJson(augmentedMetadata, metadata, 'declared'),
    JsonEncodeError,
    ({ message: reason }, options) => new MetadataError({ kind: 'SerializationFailed', reason }, options),
  );
  return utf8Length(text);
}
