import { FailureError, type FailureMessages, shortened, translate } from '../failure.ts';
import { type Generation, generationOfExports } from '../generation/exports.ts';
import { generationOf } from '../generation/index.ts';
import { sectionNamesOf } from '../metering/section-names.ts';
import { adviceOn, type EngineModule, MODULE_BYTES, type ModuleBytes, unsharedBytes } from '../module-source.ts';
import { nearest } from '../nearest.ts';
import { readSections, WasmFormatError, type WasmFormatFailure } from '../wasm/index.ts';
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
import { type Undecoded, undecoded } from './undecoded.ts';

/** The name of the custom section that holds a plugin's identity (abi/PROTOCOL.md, Layer 1). */
export const IDENTITY_SECTION_NAME = 'cc_lb.plugin.v1';

/** The first field of every identity. */
export const IDENTITY_MAGIC: readonly number[] = Object.freeze([0xcc, 0x1b, 0x70, 0x10, 0x00, 0x01, 0x00, 0x00]);

/** The only defined value of `abi_envelope`. */
export const ABI_ENVELOPE = 1;

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

const HOOK_PLUGIN = 'this plugin speaks the hook ABI. Give it to `admitHooks` of the entry ./hooks';

/**
 * Reads a plugin's identity from its bytes, without compiling or running anything (abi/PROTOCOL.md,
 * Layer 1).
 *
 * It reads the module once, from the first byte to the last, and reports the first fault in the
 * bytes.
 *
 * @param wasm the bytes of a core module.
 * @returns the identity, whose name and version follow the rules.
 * @throws IdentityReadError if there is no valid identity. TypeError if `wasm` is not bytes.
 */
export function readIdentity(wasm: ModuleBytes): PluginIdentity {
  const bytes = unsharedBytes(wasm);
  if (bytes === undefined) throw new TypeError(`wasm must be ${MODULE_BYTES}${adviceOn(wasm)}`);
  const generation = (): Generation | undefined => generationOf(bytes);
  return tellingGeneration(generation, () =>
    translate(
      () => findIdentity(bytes),
      WasmFormatError,
      ({ message: reason, failure: fault }, options) =>
        new IdentityReadError({ kind: 'WasmParseError', offset: fault.offset, reason, fault }, options),
    ),
  );
}

/** Adds to the failure of a module without an identity that it is a plugin of the hook ABI. */
function tellingGeneration(generation: () => Generation | undefined, read: () => PluginIdentity): PluginIdentity {
  return translate(read, IdentityReadError, ({ failure, cause }) => {
    if (failure.kind === 'WasmParseError' || generation() !== 2) return undefined;
    return new IdentityReadError({ ...failure, generation: 2 }, { cause });
  });
}

function findIdentity(bytes: Uint8Array): PluginIdentity {
  let identity: PluginIdentity | undefined;
  const others: string[] = [];
  for (const { name, contentOffset, end } of readSections(bytes)) {
    if (name !== IDENTITY_SECTION_NAME) {
      if (name !== undefined && others.length < OTHERS_MAX) others.push(name);
      continue;
    }
    if (identity !== undefined) throw new IdentityReadError({ kind: 'DuplicateCustomSection' });
    identity = readPayload(bytes.subarray(contentOffset, end));
  }
  if (identity === undefined) throw missingSection(others);
  return identity;
}

/** @param others the names of other custom sections. */
function missingSection(others: readonly string[]): IdentityReadError {
  const near = others.find(isMisspelt);
  return new IdentityReadError({ kind: 'MissingCustomSection', ...(near !== undefined && { near }) });
}

/** How many custom sections are looked at for a misspelt name. */
const OTHERS_MAX = 1_000;

/** Whether the name of a custom section is nearly that of the identity. */
function isMisspelt(name: string): boolean {
  if (name.length > IDENTITY_SECTION_NAME.length * 2) return false;
  // Other styles differ in more places than a misspelling: CC_LB.plugin, cclb-plugin-v1.
  const bare = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const begin = bare(IDENTITY_SECTION_NAME).replace(/v1$/, '');
  return bare(name).startsWith(begin) || nearest(name, [IDENTITY_SECTION_NAME]) !== undefined;
}

/**
 * {@link readIdentity} for a module that the engine has compiled, so it is well-formed.
 *
 * @throws IdentityReadError of any kind but `WasmParseError`.
 */
export function readModuleIdentity(module: EngineModule): PluginIdentity {
  const generation = (): Generation | undefined => generationOfExports(WebAssembly.Module.exports(module));
  return tellingGeneration(generation, () => findModuleIdentity(module));
}

function findModuleIdentity(module: EngineModule): PluginIdentity {
  const [payload, ...others] = WebAssembly.Module.customSections(module, IDENTITY_SECTION_NAME);
  if (payload === undefined) throw missingSection(sectionNamesOf(module));
  const identity = readPayload(new Uint8Array(payload));
  if (others.length > 0) throw new IdentityReadError({ kind: 'DuplicateCustomSection' });
  return identity;
}

function readPayload(payload: Uint8Array): PluginIdentity {
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
