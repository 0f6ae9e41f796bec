/**
 * The limits of the protocol (abi/PROTOCOL.md, "Limits"). They are constants: neither a plugin nor a host's configuration changes them.
 * Lengths are in UTF-8 bytes, times in the unit that the name ends in, fuel in instructions as the meter counts them.
 */
export const limits = {
  /** Payload bytes of the identity section; its name is not counted. */
  CUSTOM_SECTION_MAX_SIZE: 65_536,
  /** Fields of the identity. */
  CUSTOM_SECTION_FIELD_COUNT: 4,
  HANDSHAKE_WALL_MS: 200,
  HANDSHAKE_FUEL: 10_000_000,
  HANDSHAKE_OUTPUT_MAX_BYTES: 32_768,
  SELF_CHECK_WALL_MS: 200,
  SELF_CHECK_FUEL: 10_000_000,
  SELF_CHECK_OUTPUT_MAX_BYTES: 8_192,
  /** Functions in an offer. */
  FUNCTION_VERSIONS_KEYS_MAX: 32,
  /** Versions of one function in an offer. */
  FUNCTION_VERSIONS_PER_FN_MAX: 16,
  CAPABILITIES_MAX_COUNT: 32,
  /** Not enforced by the protocol; conformance warns. */
  CAPABILITY_NAME_MAX_BYTES: 64,
  /** Functions in an accept, functions in a self-check request, failures in a self-check response. */
  IMPLEMENTED_FUNCTIONS_MAX: 16,
  PLUGIN_NAME_MAX_BYTES: 64,
  PLUGIN_VERSION_MAX_BYTES: 32,
  VERSION_MIN: 1,
  VERSION_MAX: 65_535,
  /** Bytes of the metadata as JSON. */
  AUGMENTED_METADATA_MAX_BYTES: 262_144,
  REGISTRY_ROW_COUNT_SOFT_WARN: 1_000,
  REGISTRY_ROW_COUNT_HARD_REJECT: 10_000,
  STARTUP_HANDSHAKE_TOTAL_BUDGET_MS: 60_000,
  STARTUP_HANDSHAKE_PARALLEL_MAX: 8,
  SKIP_HANDSHAKE_IF_FRESH_TTL_SECS: 604_800,
  PLUGIN_NAME_PATTERN: '^[a-z][a-z0-9_-]*$',
  /** Not enforced by the protocol; conformance warns. */
  CAPABILITY_PATTERN: '^[a-z][a-z0-9_]*$',
  /** Bytes that one call of `cc_lb_random_bytes` may ask for. */
  RANDOM_BYTES_MAX: 65_536,
} as const;
