/*
 * The limits of the protocol (abi/PROTOCOL.md, "Limits"). They are constants: neither a plugin nor
 * a host's configuration changes them. Lengths are in UTF-8 bytes. The suffix of a name says the
 * unit of a time. Fuel is in instructions as the meter counts them.
 *
 * Each is a constant of its own, so a bundle includes only those that it uses.
 */

/** The most payload bytes of the identity section, without its name. */
export const CUSTOM_SECTION_MAX_SIZE = 65_536;
/** The number of fields of the identity. */
export const CUSTOM_SECTION_FIELD_COUNT = 4;
/** The time of the handshake, in milliseconds. */
export const HANDSHAKE_WALL_MS = 200;
/** The fuel of the handshake. */
export const HANDSHAKE_FUEL = 10_000_000;
/** The most bytes of a handshake's answer. */
export const HANDSHAKE_OUTPUT_MAX_BYTES = 32_768;
/** The time of the self-check, in milliseconds. */
export const SELF_CHECK_WALL_MS = 200;
/** The fuel of the self-check. */
export const SELF_CHECK_FUEL = 10_000_000;
/** The most bytes of a self-check's answer. */
export const SELF_CHECK_OUTPUT_MAX_BYTES = 8_192;
/** The most functions in an offer. */
export const FUNCTION_VERSIONS_KEYS_MAX = 32;
/** The most versions of one function in an offer. */
export const FUNCTION_VERSIONS_PER_FN_MAX = 16;
/** The most capabilities in an offer. */
export const CAPABILITIES_MAX_COUNT = 32;
/** The most bytes of a capability's name. The protocol does not enforce it; conformance warns. */
export const CAPABILITY_NAME_MAX_BYTES = 64;
/**
 * The most functions in an accept, functions in a self-check request, and failures in its response.
 */
export const IMPLEMENTED_FUNCTIONS_MAX = 16;
/** The most bytes of a plugin's name. */
export const PLUGIN_NAME_MAX_BYTES = 64;
/** The most bytes of a plugin's version. */
export const PLUGIN_VERSION_MAX_BYTES = 32;
/** The least version of a function. */
export const VERSION_MIN = 1;
/** The greatest version of a function. */
export const VERSION_MAX = 65_535;
/** The most bytes of the metadata as JSON. */
export const AUGMENTED_METADATA_MAX_BYTES = 262_144;
/** The number of records from which a registry warns. */
export const REGISTRY_ROW_COUNT_SOFT_WARN = 1_000;
/** The number of records from which a registry accepts no more. */
export const REGISTRY_ROW_COUNT_HARD_REJECT = 10_000;
/** The time of all handshakes at start-up together, in milliseconds. */
export const STARTUP_HANDSHAKE_TOTAL_BUDGET_MS = 60_000;
/** The most handshakes that run at the same time at start-up. */
export const STARTUP_HANDSHAKE_PARALLEL_MAX = 8;
/** How long a record is fresh enough to skip the handshake, in seconds. */
export const SKIP_HANDSHAKE_IF_FRESH_TTL_SECS = 604_800;
/** The pattern of a plugin's name. */
export const PLUGIN_NAME_PATTERN = '^[a-z][a-z0-9_-]*$';
/** The pattern of a capability's name. The protocol does not enforce it; conformance warns. */
export const CAPABILITY_PATTERN = '^[a-z][a-z0-9_]*(?::[a-z][a-z0-9_]*)*$';
/** The most bytes that one call of `cc_lb_random_bytes` may ask for. */
export const RANDOM_BYTES_MAX = 65_536;

/** All limits of the protocol by name (abi/PROTOCOL.md, "Limits"). */
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
