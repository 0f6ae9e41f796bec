import { shortened, translate } from '../failure.ts';
import type { Generation } from '../generation/exports.ts';
import { nearest } from '../nearest.ts';
import { IDENTITY_SECTION_NAME, IdentityReadError, type IdentityViolation } from './identity-error.ts';
import {
  CUSTOM_SECTION_MAX_SIZE,
  decodeJsonBytes,
  JsonDecodeError,
  PLUGIN_NAME_MAX_BYTES,
  PLUGIN_NAME_PATTERN,
  PLUGIN_VERSION_MAX_BYTES,
  type PluginIdentity,
  pluginIdentity,
  utf8Length,
} from './messages/index.ts';
import { undecoded } from './undecoded.ts';

/** The first field of every identity. */
export const IDENTITY_MAGIC: readonly number[] = Object.freeze([0xcc, 0x1b, 0x70, 0x10, 0x00, 0x01, 0x00, 0x00]);

/** The only defined value of `abi_envelope`. */
export const ABI_ENVELOPE = 1;

/**
 * Reads an identity. Adds to the failure of a module without one that it is a plugin of the hook
 * ABI.
 */
export function tellingGeneration(
  generation: () => Generation | undefined,
  read: () => PluginIdentity,
): PluginIdentity {
  return translate(read, IdentityReadError, ({ failure, cause }) => {
    if (failure.kind === 'WasmParseError' || generation() !== 2) return undefined;
    return new IdentityReadError({ ...failure, generation: 2 }, { cause });
  });
}

/**
 * What is wrong with a module that has no identity.
 *
 * @param others the names of other custom sections.
 */
export function missingSection(others: readonly string[]): IdentityReadError {
  const near = others.find(isMisspelt);
  return new IdentityReadError({ kind: 'MissingCustomSection', ...(near !== undefined && { near }) });
}

/** Whether the name of a custom section is nearly that of the identity. */
function isMisspelt(name: string): boolean {
  if (name.length > IDENTITY_SECTION_NAME.length * 2) return false;
  // Other styles differ in more places than a misspelling: CC_LB.plugin, cclb-plugin-v1.
  const bare = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const begin = bare(IDENTITY_SECTION_NAME).replace(/v1$/, '');
  return bare(name).startsWith(begin) || nearest(name, [IDENTITY_SECTION_NAME]) !== undefined;
}

/**
 * Reads the content of the custom section.
 *
 * @throws IdentityReadError `SectionTooLarge`, `MalformedPayload`, `MagicMismatch`, `Validation`.
 */
export function readPayload(payload: Uint8Array): PluginIdentity {
  const size = payload.length;
  if (size > CUSTOM_SECTION_MAX_SIZE) throw new IdentityReadError({ kind: 'SectionTooLarge', size });
  const identity = translate(
    () => decodeJsonBytes(pluginIdentity, payload),
    JsonDecodeError,
    (error, options) => new IdentityReadError({ kind: 'MalformedPayload', ...undecoded(error) }, options),
  );
  validateIdentity(identity);
  return identity;
}

const namePattern = new RegExp(PLUGIN_NAME_PATTERN);

/** The most characters of a name or version in a failure. */
const FOUND_MAX = 100;

/** A rule of the name or version: which it is about, and whether its text breaks the rule. */
type Rule = readonly [
  kind: IdentityViolation['kind'],
  field: 'plugin_name' | 'plugin_version',
  isBroken: (text: string) => boolean,
];

/** The rules in the order in which they are checked. */
const rules: readonly Rule[] = [
  ['PluginNameEmpty', 'plugin_name', (name) => name === ''],
  ['PluginNameInvalid', 'plugin_name', (name) => utf8Length(name) > PLUGIN_NAME_MAX_BYTES || !namePattern.test(name)],
  ['PluginVersionEmpty', 'plugin_version', (version) => version === ''],
  ['PluginVersionTooLong', 'plugin_version', (version) => utf8Length(version) > PLUGIN_VERSION_MAX_BYTES],
];

/**
 * Checks the magic, name and version of an identity. `abi_envelope` may be anything.
 *
 * @throws IdentityReadError `MagicMismatch`, `Validation`.
 */
export function validateIdentity(identity: PluginIdentity): void {
  const { magic } = identity;
  if (magic.length !== IDENTITY_MAGIC.length || IDENTITY_MAGIC.some((byte, index) => byte !== magic[index])) {
    throw new IdentityReadError({ kind: 'MagicMismatch', expected: IDENTITY_MAGIC, found: magic });
  }
  for (const [kind, field, isBroken] of rules) {
    const text = identity[field];
    if (!isBroken(text)) continue;
    throw new IdentityReadError({ kind: 'Validation', violation: { kind }, found: shortened(text, FOUND_MAX) });
  }
}
