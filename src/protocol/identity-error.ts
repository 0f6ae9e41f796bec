import { FailureError, type FailureMessages } from '../failure.ts';
import type { WasmFormatFailure } from '../wasm/index.ts';
import {
  CUSTOM_SECTION_MAX_SIZE,
  PLUGIN_NAME_MAX_BYTES,
  PLUGIN_NAME_PATTERN,
  PLUGIN_VERSION_MAX_BYTES,
} from './messages/index.ts';
import type { Undecoded } from './undecoded.ts';

/** The name of the custom section that holds a plugin's identity (abi/PROTOCOL.md, Layer 1). */
export const IDENTITY_SECTION_NAME = 'cc_lb.plugin.v1';

/**
 * What is wrong with a name or version. `PluginNameInvalid`: it has more than 64 bytes, or does not
 * match `^[a-z][a-z0-9_-]*$`.
 */
export interface IdentityViolation {
  readonly kind: 'PluginNameEmpty' | 'PluginNameInvalid' | 'PluginVersionEmpty' | 'PluginVersionTooLong';
}

/**
 * Why a plugin has no valid identity.
 *
 * - `WasmParseError`: the bytes are not a well-formed module. `offset` is in bytes from the start
 *   of the module. `fault` says what is wrong with them.
 * - `MissingCustomSection`, `DuplicateCustomSection`: the section must be there exactly once.
 *   `near` is the name of a custom section that was probably meant to be it: text of the plugin.
 * - `SectionTooLarge`: the payload has more than 65536 bytes. `size` is in bytes, without the
 *   section's name.
 * - `MalformedPayload`: the payload is not the JSON of an identity. `offset` is in bytes from the
 *   start of the payload. `fault` has the names and types.
 * - `MagicMismatch`: the magic is not that of a cc-lb plugin.
 * - `Validation`: the name or version breaks the rules. `found` is that text, shortened.
 */
export type IdentityReadFailure = IdentityFault & {
  /** Present if the module is a plugin of the hook ABI, which `admitHooks` takes. */
  readonly generation?: 2;
};

type IdentityFault =
  | {
      readonly kind: 'WasmParseError';
      readonly offset: number;
      readonly reason: string;
      readonly fault: WasmFormatFailure;
    }
  | { readonly kind: 'MissingCustomSection'; readonly near?: string }
  | { readonly kind: 'DuplicateCustomSection' }
  | { readonly kind: 'SectionTooLarge'; readonly size: number }
  | ({ readonly kind: 'MalformedPayload' } & Undecoded)
  | { readonly kind: 'MagicMismatch'; readonly expected: readonly number[]; readonly found: readonly number[] }
  | { readonly kind: 'Validation'; readonly violation: IdentityViolation; readonly found: string };

const violations: Readonly<Record<IdentityViolation['kind'], string>> = {
  PluginNameEmpty: 'the plugin name is empty',
  PluginNameInvalid: `the plugin name must match ${PLUGIN_NAME_PATTERN}, with at most ${PLUGIN_NAME_MAX_BYTES} bytes`,
  PluginVersionEmpty: 'the plugin version is empty',
  PluginVersionTooLong: `the plugin version has more than ${PLUGIN_VERSION_MAX_BYTES} bytes`,
};

const messages: FailureMessages<IdentityReadFailure> = {
  WasmParseError: (f) => `the module is not well-formed: ${f.reason}`,
  MissingCustomSection: ({ near }) =>
    `the module has no custom section ${IDENTITY_SECTION_NAME}${near === undefined ? '' : `, but one named ${near}`}`,
  DuplicateCustomSection: () => `the module has more than one custom section ${IDENTITY_SECTION_NAME}`,
  SectionTooLarge: (f) =>
    `the custom section ${IDENTITY_SECTION_NAME} has ${f.size} bytes, at most ${CUSTOM_SECTION_MAX_SIZE} are allowed`,
  MalformedPayload: (f) => `the custom section ${IDENTITY_SECTION_NAME} does not hold an identity: ${f.reason}`,
  MagicMismatch: (f) => `the identity's magic is [${f.found.join(', ')}], expected [${f.expected.join(', ')}]`,
  Validation: ({ violation: { kind }, found }) =>
    found === '' ? violations[kind] : `${violations[kind]}, but it is ${JSON.stringify(found)}`,
};

/** A plugin without a valid identity. `cause` is the underlying error, if there is one. */
export class IdentityReadError extends FailureError<IdentityReadFailure> {
  override readonly name = 'IdentityReadError';

  protected override get messages(): FailureMessages<IdentityReadFailure> {
    return messages;
  }

  protected override describe(failure: IdentityReadFailure): string {
    const message = super.describe(failure);
    return failure.generation === undefined ? message : `${HOOK_PLUGIN} (${message})`;
  }
}

const HOOK_PLUGIN =
  'this plugin speaks the hook ABI. Give it to `admitHooks` of the entry ./hooks, or of ./prepared if it is prepared';
