/*
 * The limits of the protocol (abi/PROTOCOL.md, "Limits"). They are constants: neither a plugin nor a host's configuration changes them.
 * Lengths are in UTF-8 bytes, times in the unit that the name ends in, fuel in instructions as the meter counts them.
 *
 * Each is a constant of its own, so that a bundle has those only that it uses.
 */

/** Payload bytes of the identity section; its name is not counted. */
export const CUSTOM_SECTION_MAX_SIZE = 65_536;
/** Fields of the identity. */
export const CUSTOM_SECTION_FIELD_COUNT = 4;
/** Milliseconds for the handshake. */
export const HANDSHAKE_WALL_MS = 200;
/** Fuel for the handshake. */
export const HANDSHAKE_FUEL = 10_000_000;
/** Bytes of what a handshake answers. */
export const HANDSHAKE_OUTPUT_MAX_BYTES = 32_768;
/** Milliseconds for the self-check. */
export const SELF_CHECK_WALL_MS = 200;
/** Fuel for the self-check. */
export const SELF_CHECK_FUEL = 10_000_000;
/** Bytes of what a self-check answers. */
export const SELF_CHECK_OUTPUT_MAX_BYTES = 8_192;
/** Functions in an offer. */
export const FUNCTION_VERSIONS_KEYS_MAX = 32;
/** Versions of one function in an offer. */
export const FUNCTION_VERSIONS_PER_FN_MAX = 16;
/** Capabilities in an offer. */
export const CAPABILITIES_MAX_COUNT = 32;
/** Bytes of a capability's name; not enforced by the protocol, but conformance warns. */
export const CAPABILITY_NAME_MAX_BYTES = 64;
/** Functions in an accept, functions in a self-check request, failures in a self-check response. */
export const IMPLEMENTED_FUNCTIONS_MAX = 16;
/** Bytes of a plugin's name. */
export const PLUGIN_NAME_MAX_BYTES = 64;
/** Bytes of a plugin's version. */
export const PLUGIN_VERSION_MAX_BYTES = 32;
/** The least version of a function. */
export const VERSION_MIN = 1;
/** The greatest version of a function. */
export const VERSION_MAX = 65_535;
/** Bytes of the metadata as JSON. */
export const AUGMENTED_METADATA_MAX_BYTES = 262_144;
/** Records from which a registry warns. */
export const REGISTRY_ROW_COUNT_SOFT_WARN = 1_000;
/** Records from which a registry takes no more. */
export const REGISTRY_ROW_COUNT_HARD_REJECT = 10_000;
/** Milliseconds for all handshakes at start-up. */
export const STARTUP_HANDSHAKE_TOTAL_BUDGET_MS = 60_000;
/** Handshakes at a time, at start-up. */
export const STARTUP_HANDSHAKE_PARALLEL_MAX = 8;
/** Seconds for which a record is fresh enough to skip the handshake. */
export const SKIP_HANDSHAKE_IF_FRESH_TTL_SECS = 604_800;
/** What a plugin's name matches. */
export const PLUGIN_NAME_PATTERN = '^[a-z][a-z0-9_-]*$';
/** What a capability's name matches; not enforced by the protocol, but conformance warns. */
export const CAPABILITY_PATTERN = '^[a-z][a-z0-9_]*(?::[a-z][a-z0-9_]*)*$';
/** Bytes that one call of `cc_lb_random_bytes` may ask for. */
export const RANDOM_BYTES_MAX = 65_536;

/** All limits of the protocol by their names (abi/PROTOCOL.md, "Limits"). */
export const limits = {
  CUSTOM_SECTION_MAX_SIZE,
  CUSTOM_SECTION_FIELD_COUNT,
  HANDSHAKE_WALL_MS,
  HANDSHAKE_FUEL,
  HANDSHAKE_OUTPUT_MAX_BYTES,
  SELF_CHECK_WALL_MS,
  SELF_CHECK_FUEL,
  SELF_CHECK_OUTPUT_MAX_BYTES,
  FUNCTION_VERSIONS_KEYS_MAX,
  FUNCTION_VERSIONS_PER_FN_MAX,
  CAPABILITIES_MAX_COUNT,
  CAPABILITY_NAME_MAX_BYTES,
  IMPLEMENTED_FUNCTIONS_MAX,
  PLUGIN_NAME_MAX_BYTES,
  PLUGIN_VERSION_MAX_BYTES,
  VERSION_MIN,
  VERSION_MAX,
  AUGMENTED_METADATA_MAX_BYTES,
  REGISTRY_ROW_COUNT_SOFT_WARN,
  REGISTRY_ROW_COUNT_HARD_REJECT,
  STARTUP_HANDSHAKE_TOTAL_BUDGET_MS,
  STARTUP_HANDSHAKE_PARALLEL_MAX,
  SKIP_HANDSHAKE_IF_FRESH_TTL_SECS,
  PLUGIN_NAME_PATTERN,
  CAPABILITY_PATTERN,
  RANDOM_BYTES_MAX,
} as const;
