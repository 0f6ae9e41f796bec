import { checkArgument, collectionRule, isObject, type OptionRule } from '../option-rules.ts';
import { sha256 } from '../sha256.ts';
import { refuse } from './handshake-error.ts';
import {
  allWireFunctions,
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
} from './messages/index.ts';

/** The schema version of offer and accept. */
export const HANDSHAKE_SCHEMA_VERSION = 1;

/** The version of the envelope of dispatch requests and responses. */
export const ENVELOPE_VERSION = 1;

/** The version in which the built-in offer has each function. */
const OFFERED_VERSION = 1;

/**
 * Makes the built-in offer: the seven wire functions, each in version 1 (abi/PROTOCOL.md, Layer 2).
 *
 * @param hostCapabilities what the host can do for a plugin. The protocol does not define the
 * names.
 * @throws TypeError if `hostCapabilities` is not a collection of strings. A string is refused too:
 * its characters would be taken for names.
 */
export function buildOffer(hostCapabilities: Iterable<string> = []): HandshakeOffer {
  checkArgument('hostCapabilities', collectionRule.holds(hostCapabilities), collectionRule.expected);
  const names = sortedSet(hostCapabilities);
  return {
    handshake_schema_version: HANDSHAKE_SCHEMA_VERSION,
    envelope_version: ENVELOPE_VERSION,
    function_versions: Object.fromEntries(allWireFunctions.map((name) => [name, [OFFERED_VERSION]])),
    host_capabilities: names,
  };
}

/**
 * Checks the counts and versions of an offer (abi/PROTOCOL.md, Layer 2, step 1).
 *
 * @throws HandshakeExecutionError `Validation` with `FunctionCountExceeded`,
 * `FunctionVersionCountExceeded`, `VersionOutOfRange` or `CapabilityCountExceeded`. TypeError if
 * the offer is malformed.
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

/** The rule of an offer, as far as its own checks read it. */
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
 * Returns the canonical form of an offer, which all equal offers share: repeated functions merged,
 * versions and capabilities sorted without repeats, capabilities in ASCII lower case
 * (abi/PROTOCOL.md, "Canonical offer hash").
 *
 * @throws TypeError if the offer is malformed.
 */
export function canonicalizeOffer(offer: HandshakeOfferRaw | HandshakeOffer): CanonicalOffer {
  checkArgument('offer', isOffer(offer) || isRawOffer(offer), offerRule.expected);
  const merged = new Map<string, Set<number>>();
  for (const [name, versions] of listedFunctions(offer)) {
    merged.set(name, new Set([...(merged.get(name) ?? []), ...versions]));
  }
  // A function may have any name, including `__proto__`.
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

/** The raw form lists functions; the other form has them as keys. */
function isRawOffer(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { function_versions: listed, host_capabilities: capabilities }: { [K in keyof HandshakeOfferRaw]?: unknown } =
    value;
  if (!Array.isArray(listed) || !Array.isArray(capabilities)) return false;
  return listed.every((entry) => isObject(entry) && 'versions' in entry && Array.isArray(entry.versions));
}

/**
 * Hashes an offer: the SHA-256 of its canonical form as JSON. A host stores it to know when to
 * repeat the handshake (abi/PROTOCOL.md, "Canonical offer hash").
 *
 * Needs `crypto.subtle`, which browsers provide only in secure contexts.
 *
 * @returns a promise of 32 bytes. It rejects with TypeError if the offer is malformed, and with
 * JsonEncodeError if a field has the wrong type.
 */
export async function hostOfferHash(offer: HandshakeOfferRaw | HandshakeOffer): Promise<Uint8Array<ArrayBuffer>> {
  const text = encodeJson(canonicalOffer, canonicalizeOffer(offer), 'declared');
  return await sha256(new TextEncoder().encode(text));
}

function listedFunctions({
  function_versions: listed,
}: HandshakeOfferRaw | HandshakeOffer): readonly (readonly [string, readonly number[]])[] {
  return isList(listed) ? listed.map((entry) => [entry.function, entry.versions]) : Object.entries(listed);
}

/** `Array.isArray`, but it narrows readonly arrays too. */
function isList(
  listed: HandshakeOfferRaw['function_versions'] | HandshakeOffer['function_versions'],
): listed is HandshakeOfferRaw['function_versions'] {
  return Array.isArray(listed);
}

function asciiLowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Returns names in the order in which the protocol processes them: by UTF-8 bytes, each once. */
export function sortedSet(names: Iterable<string>): string[] {
  return [...new Set(names)].sort(compareUtf8);
}
