import { HandshakeExecutionError, type HandshakeExecutionFailure, refuse } from './handshake-error.ts';
import {
  type HandshakeAccept,
  type HandshakeOffer,
  IMPLEMENTED_FUNCTIONS_MAX,
  VERSION_MAX,
  VERSION_MIN,
} from './messages/index.ts';
import { isVersion, sortedSet } from './offer.ts';

/**
 * Compares an accept with the offer that it answers (abi/PROTOCOL.md, Layer 2, step 7). It does not
 * compare `envelope_version`.
 *
 * @throws HandshakeExecutionError `Validation`.
 */
export function validateAccept(accept: HandshakeAccept, offer: HandshakeOffer): void {
  const [got, expected] = [accept.handshake_schema_version, offer.handshake_schema_version];
  if (got !== expected) refuse({ kind: 'HandshakeSchemaVersionMismatch', got, expected });
  for (const [name, chosen] of sortedEntries(accept.chosen_versions)) {
    const supported = lookUp(accept.plugin_supported, name);
    const offered = lookUp(offer.function_versions, name);
    if (supported === undefined || offered === undefined) refuse({ kind: 'ChosenForUnknownFunction', function: name });
    checkChosen(name, chosen, offered, supported);
  }
  for (const capability of sortedSet(accept.required_capabilities)) {
    if (!offer.host_capabilities.includes(capability)) refuse({ kind: 'RequiredCapabilityUnavailable', capability });
  }
}

/** A chosen version must be offered, and must be the greatest that both sides know. */
function checkChosen(name: string, chosen: number, offered: readonly number[], supported: readonly number[]): void {
  if (!offered.includes(chosen)) refuse({ kind: 'ChosenVersionNotOffered', function: name, version: chosen });
  const common = offered.filter((version) => supported.includes(version));
  const maxIntersection = common.reduce((greatest, version) => Math.max(greatest, version), chosen);
  if (chosen < maxIntersection) refuse({ kind: 'DowngradeAttempt', function: name, chosen, maxIntersection });
}

/**
 * Checks that an accept names only offered functions and chooses only what it implements and
 * supports (abi/PROTOCOL.md, Layer 2, step 8).
 *
 * @throws HandshakeExecutionError `ImplementedFunctionCountExceeded`, `ImplementedUnknownFunction`,
 * `SupportedUnknownFunction`, `SupportedVersionOutOfRange`, `ChosenFunctionNotImplemented`,
 * `ChosenVersionNotSupported`.
 */
export function validateAcceptShape(accept: HandshakeAccept, offer: HandshakeOffer): void {
  const implemented = sortedSet(accept.implemented_functions);
  const max = IMPLEMENTED_FUNCTIONS_MAX;
  if (implemented.length > max) fail({ kind: 'ImplementedFunctionCountExceeded', count: implemented.length, max });
  for (const name of implemented) {
    if (lookUp(offer.function_versions, name) === undefined) {
      fail({ kind: 'ImplementedUnknownFunction', function: name });
    }
  }
  for (const [name, versions] of sortedEntries(accept.plugin_supported)) checkSupported(name, versions, offer);
  for (const [name, version] of sortedEntries(accept.chosen_versions)) {
    if (!implemented.includes(name)) fail({ kind: 'ChosenFunctionNotImplemented', function: name });
    if (!lookUp(accept.plugin_supported, name)?.includes(version)) {
      fail({ kind: 'ChosenVersionNotSupported', function: name, version });
    }
  }
}

function checkSupported(name: string, versions: readonly number[], offer: HandshakeOffer): void {
  if (lookUp(offer.function_versions, name) === undefined) fail({ kind: 'SupportedUnknownFunction', function: name });
  const version = versions.find((candidate) => !isVersion(candidate));
  if (version === undefined) return;
  const [min, max] = [VERSION_MIN, VERSION_MAX];
  fail({ kind: 'SupportedVersionOutOfRange', function: name, version, min, max });
}

function fail(failure: HandshakeExecutionFailure): never {
  throw new HandshakeExecutionError(failure);
}

/** Reads own properties only: a plugin may name a function `constructor`. */
function lookUp<T>(map: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

function sortedEntries<T>(map: Readonly<Record<string, T>>): (readonly [string, T])[] {
  const entries = new Map(Object.entries(map));
  // The names are the keys of `entries`.
  return sortedSet(entries.keys()).map((name) => [name, entries.get(name) as T]);
}
