import { FailureError, type FailureMessages } from '../failure.ts';
import type { IdentityReadFailure, IdentityViolation } from './identity-error.ts';

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

/** The latest time in a record: the fields are i64. */
export const TIME_MAX = 0x7fff_ffff_ffff_ffffn;

/** The times of the metadata, in the order in which they are checked. */
export const timestampFields = ['handshake_completed_at', 'self_check_completed_at', 'expires_at'] as const;
/** A time of the metadata. */
export type TimestampField = (typeof timestampFields)[number];

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
