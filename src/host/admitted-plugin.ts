import { translate } from '../failure.ts';
import { encodeHex } from '../hex.ts';
import { type HookName, hookNames, hooks } from '../hooks/hook.ts';
import { pluginMetadata } from '../hooks/metadata.ts';
import { i64, list, map, option, string, stringEnum, struct, taggedUnion, u32 } from '../json/declare.ts';
import { decodeJson } from '../json/decode.ts';
import { encodeJson } from '../json/encode.ts';
import { JsonDecodeError } from '../json/text/decode-error.ts';
import type { Infer } from '../json/type.ts';
import { pluginRegistryRecord, pluginSlot } from '../protocol/messages/index.ts';
import { isExpired, type Seconds, validateRegistryRecord } from '../protocol/metadata.ts';
import { PACKAGE_VERSION } from '../version.ts';
import { PluginHostError } from './host-error.ts';

/** The version of the form of a record. */
export const ADMITTED_PLUGIN_VERSION = 1;

/** Which prepared module a host stored for a plugin, and how it was prepared. */
export const preparedModule = struct('PreparedModule', {
  /** SHA-256 of the prepared bytes, 64 hexadecimal digits: their name in the store. */
  sha256: string,
  /** The limits of the preparation that differ from their defaults, and its kernel, as a text. */
  options: string,
});

/** What records of both generations have. */
const common = {
  form_version: u32,
  principal: string,
  name: string,
  /** SHA-256 of the module's bytes, 64 hexadecimal digits. */
  module_sha256: string,
  /** The version of this package that admitted the plugin. */
  package_version: string,
  /** Null if the host that wrote the record stores no prepared modules. */
  prepared: option(preparedModule),
};

/**
 * What a host keeps of an admitted plugin, to start again without running it. It is plain JSON.
 *
 * - `protocol`: a plugin of generation 1.
 * - `hooks`: a plugin of the hook ABI. `fingerprints` are those of the requests of its hooks.
 */
export const admittedPlugin = taggedUnion('AdmittedPlugin', {
  protocol: {
    ...common,
    kernel: stringEnum('KernelForm', ['linked', 'instance']),
    /** SHA-256 of the canonical offer, 64 hexadecimal digits. */
    offer_sha256: string,
    slots: list(pluginSlot),
    record: pluginRegistryRecord,
  },
  hooks: {
    ...common,
    slot: stringEnum('HookSlotKind', ['filter', 'shape']),
    fingerprints: map(string),
    metadata: pluginMetadata,
    /** Unix seconds. */
    admitted_at: i64,
  },
});
/** The TypeScript type of {@link admittedPlugin}. */
export type AdmittedPlugin = Infer<typeof admittedPlugin>;

/**
 * Why a plugin with a record must be admitted again.
 *
 * - `PackageChanged`: another version of this package admitted it.
 * - `OfferChanged`: it was offered something else.
 * - `Expired`: the record has expired.
 * - `SelfCheckFailed`: the record says that its self-check failed.
 * - `FingerprintChanged`: the messages of a hook have changed.
 */
export type AdmissionNeed =
  | { readonly kind: 'PackageChanged'; readonly recorded: string; readonly current: string }
  | { readonly kind: 'OfferChanged'; readonly recorded: string; readonly current: string }
  | { readonly kind: 'Expired'; readonly expiresAt: Seconds }
  | { readonly kind: 'SelfCheckFailed' }
  | { readonly kind: 'FingerprintChanged'; readonly hook: string };

/**
 * Whether a plugin must be admitted again before it serves.
 *
 * @param admitted its record.
 * @param offerSha256 the hash of what the host offers now: 64 hexadecimal digits. Plugins of the
 * hook ABI are offered nothing.
 * @param now Unix seconds.
 * @returns the first reason; `undefined` if the record is fresh.
 */
export function needsAdmission(admitted: AdmittedPlugin, offerSha256: string, now: Seconds): AdmissionNeed | undefined {
  const { package_version: recorded } = admitted;
  if (recorded !== PACKAGE_VERSION) return { kind: 'PackageChanged', recorded, current: PACKAGE_VERSION };
  if (admitted.kind === 'hooks') return changedFingerprint(admitted.fingerprints);
  const { offer_sha256: offered, record } = admitted;
  if (offered !== offerSha256) return { kind: 'OfferChanged', recorded: offered, current: offerSha256 };
  const { augmented_metadata: metadata } = record;
  if (isExpired(metadata, now)) return { kind: 'Expired', expiresAt: metadata.expires_at };
  return metadata.self_check_passed ? undefined : { kind: 'SelfCheckFailed' };
}

function changedFingerprint(fingerprints: Readonly<Record<string, string>>): AdmissionNeed | undefined {
  const changed = Object.entries(fingerprints).find(([name, recorded]) => fingerprintOfHook(name) !== recorded);
  return changed && { kind: 'FingerprintChanged', hook: changed[0] };
}

/** Returns the fingerprint that a hook's request has now; `undefined` if there is no such hook. */
function fingerprintOfHook(name: string): string | undefined {
  const hook = hooks.find((each) => each.name === name);
  return hook && encodeHex(hook.fingerprint());
}

/** Whether a text is the name of a hook. */
export function isHookName(name: string): name is HookName {
  return hookNames.some((each) => each === name);
}

/** Writes a record as JSON. */
export function encodeAdmittedPlugin(admitted: AdmittedPlugin): string {
  return encodeJson(admittedPlugin, admitted, 'declared');
}

const HEX_256 = /^[0-9a-f]{64}$/;

/**
 * Reads a record.
 *
 * @param text as {@link encodeAdmittedPlugin} writes it.
 * @throws PluginHostError `MalformedRecord` if the text is cut, is not a record, is of another
 * form, or breaks the rules of a registry's record.
 */
export function decodeAdmittedPlugin(text: string): AdmittedPlugin {
  const refuse = (path: string, reason: string): never => {
    throw new PluginHostError({ kind: 'MalformedRecord', path, reason });
  };
  const admitted = translate(
    () => decodeJson(admittedPlugin, text),
    JsonDecodeError,
    ({ message: reason, failure: { path } }, options) =>
      new PluginHostError({ kind: 'MalformedRecord', path, reason }, options),
  );
  if (admitted.form_version !== ADMITTED_PLUGIN_VERSION)
    refuse(
      '$.form_version',
      `${admitted.form_version}, but this version of the package reads ${ADMITTED_PLUGIN_VERSION}`,
    );
  for (const [path, sha256] of hashesOf(admitted)) if (!HEX_256.test(sha256)) refuse(path, 'not 64 hexadecimal digits');
  if (admitted.kind === 'protocol')
    translate(
      () => validateRegistryRecord(admitted.record),
      Error,
      ({ message: reason }, options) =>
        new PluginHostError({ kind: 'MalformedRecord', path: '$.record', reason }, options),
    );
  return admitted;
}

/** Returns the hashes that name bytes, by their paths: a store may make file names of them. */
function* hashesOf({ module_sha256: module, prepared }: AdmittedPlugin): Generator<readonly [string, string]> {
  yield ['$.module_sha256', module];
  if (prepared !== null) yield ['$.prepared.sha256', prepared.sha256];
}
