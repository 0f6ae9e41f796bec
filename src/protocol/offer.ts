import { checkArgument, collectionRule, isObject, type OptionRule } from '../option-rules.ts';
import { refuse } from './handshake-error.ts';
import {
  CAPABILITIES_MAX_COUNT,
  type CanonicalOffer,
  canonicalOffer,
  compareUtf8,
  encodeJson,
  FUNCTION_VERSIONS_KEYS_MAX,
  FUNCTION_VERSIONS_PER_FN_MAX,
  type HandshakeOffer,
  type HandshakeOfferRaw,
  VERSION_MAX,
  VERSION_MIN,
  wire,
} from './messages/index.ts';

/** The version of the offer's and the accept's own form. */
export const HANDSHAKE_SCHEMA_VERSION = 1;

/** The version of the envelope that dispatch requests and responses travel in. */
export const ENVELOPE_VERSION = 1;

const { v1, v3 } = wire;

/** What the built-in offer lists. */
const offeredFunctions = [
  v1.shape,
  v1.normalizeError,
  v1.buildSigner,
  v1.sign,
  v1.onUnauthorized,
  v1.observe,
  v3.filter,
] as const;

/**
 * The built-in offer: the seven wire functions, each in version 1 (abi/PROTOCOL.md, Layer 2).
 *
 * @param hostCapabilities what the host can do for a plugin; the protocol gives no meaning to the names.
 * @throws TypeError for a string, whose characters would be taken for names, and for anything else that is no collection of strings.
 */
export function buildOffer(hostCapabilities: Iterable<string> = []): HandshakeOffer {
  checkArgument('hostCapabilities', collectionRule.holds(hostCapabilities), collectionRule.expected);
  const names = sortedSet(hostCapabilities);
  return {
    handshake_schema_version: HANDSHAKE_SCHEMA_VERSION,
    envelope_version: ENVELOPE_VERSION,
    function_versions: Object.fromEntries(
      offeredFunctions.map(({ name, supportedVersions }) => [name, [...supportedVersions]]),
    ),
    host_capabilities: names,
  };
}

/**
 * Checks an offer's counts and versions (abi/PROTOCOL.md, Layer 2, step 1).
 *
 * @throws HandshakeExecutionError `Validation` with `FunctionCountExceeded`, `FunctionVersionCountExceeded`, `VersionOutOfRange` or
 * `CapabilityCountExceeded`. TypeError for what is no offer at all.
 */
export function validateOffer(offer: HandshakeOffer): void {
  checkArgument('offer', isOffer(offer), offerRule.expected);
  const functions = sortedSet(Object.keys(offer.function_versions));
  checkCount('FunctionCountExceeded', functions.length, FUNCTION_VERSIONS_KEYS_MAX);
  for (const name of functions) {
    const versions = offer.function_versions[name] ?? [];
    const max = FUNCTION_VERSIONS_PER_FN_MAX;
    if (versions.length > max) {
      refuse({ kind: 'FunctionVersionCountExceeded', function: name, count: versions.length, max });
    }
    const version = versions.find((candidate) => !isVersion(candidate));
    if (version !== undefined) {
      refuse({ kind: 'VersionOutOfRange', version, min: VERSION_MIN, max: VERSION_MAX });
    }
  }
  checkCount('CapabilityCountExceeded', new Set(offer.host_capabilities).size, CAPABILITIES_MAX_COUNT);
}

function checkCount(kind: 'FunctionCountExceeded' | 'CapabilityCountExceeded', count: number, max: number): void {
  if (count > max) refuse({ kind, count, max });
}

/** An offer: as far as its own checks read it. */
export const offerRule: OptionRule = {
  expected: 'an offer, with lists of versions in function_versions, and a list of host_capabilities',
  holds: isOffer,
};

function isOffer(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { function_versions: functions, host_capabilities: capabilities }: { [K in keyof HandshakeOffer]?: unknown } =
    value;
  return isVersionMap(functions) && Array.isArray(capabilities);
}

function isVersionMap(value: unknown): boolean {
  return isObject(value) && !Array.isArray(value) && Object.values(value).every(Array.isArray);
}

/** Whether a number may be the version of a function. */
export function isVersion(version: number): boolean {
  return version >= VERSION_MIN && version <= VERSION_MAX;
}

/**
 * The one form that equal offers have in common: repeated functions merged, versions and capabilities sorted, each once, capabilities in
 * ASCII lower case (abi/PROTOCOL.md, "Canonical offer hash").
 *
 * @throws TypeError for what is no offer at all.
 */
export function canonicalizeOffer(offer: HandshakeOfferRaw | HandshakeOffer): CanonicalOffer {
  checkArgument('offer', isOffer(offer) || isRawOffer(offer), offerRule.expected);
  const merged = new Map<string, Set<number>>();
  for (const [name, versions] of listedFunctions(offer)) {
    merged.set(name, new Set([...(merged.get(name) ?? []), ...versions]));
  }
  // A function may have any name, `__proto__` too.
  const functionVersions: Record<string, readonly number[]> = Object.create(null);
  for (const name of sortedSet(merged.keys())) {
    functionVersions[name] = [...(merged.get(name) ?? [])].sort((a, b) => a - b);
  }
  return {
    handshake_schema_version: offer.handshake_schema_version,
    envelope_version: offer.envelope_version,
    function_versions: functionVersions,
    host_capabilities: sortedSet(offer.host_capabilities.map(asciiLowerCase)),
  };
}

/** The raw form lists functions instead of naming them as keys. */
function isRawOffer(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { function_versions: listed, host_capabilities: capabilities }: { [K in keyof HandshakeOfferRaw]?: unknown } =
    value;
  if (!Array.isArray(listed) || !Array.isArray(capabilities)) return false;
  return listed.every((entry) => isObject(entry) && 'versions' in entry && Array.isArray(entry.versions));
}

/**
 * The SHA-256 of an offer's canonical form as JSON: what a host stores, to know when it must handshake again (abi/PROTOCOL.md, "Canonical
 * offer hash").
 *
 * Needs `crypto.subtle`, which a browser has in secure contexts only. Rejects with `TypeError` for what is no offer at all, with
 * `JsonEncodeError` for one whose fields are of wrong types.
 *
 * @returns 32 bytes.
 */
export async function hostOfferHash(offer: HandshakeOfferRaw | HandshakeOffer): Promise<Uint8Array<ArrayBuffer>> {
  const text = encodeJson(canonicalOffer, canonicalizeOffer(offer), 'declared');
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
}

function listedFunctions({
  function_versions: listed,
}: HandshakeOfferRaw | HandshakeOffer): readonly (readonly [string, readonly number[]])[] {
  return isList(listed) ? listed.map((entry) => [entry.function, entry.versions]) : Object.entries(listed);
}

/** `Array.isArray`, which does not tell the compiler that a readonly array is one. */
function isList(
  listed: HandshakeOfferRaw['function_versions'] | HandshakeOffer['function_versions'],
): listed is HandshakeOfferRaw['function_versions'] {
  return Array.isArray(listed);
}

function asciiLowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Names in the order in which the protocol goes through them: by their UTF-8 bytes, each once. */
export function sortedSet(names: Iterable<string>): string[] {
  return [...new Set(names)].sort(compareUtf8);
}
