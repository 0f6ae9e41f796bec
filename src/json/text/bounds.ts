/** How many arrays and objects serde_json reads in one another. */
export const DEPTH_MAX = 127;

/** The greatest integer that a generic serde_json value holds as one. */
export const U64_MAX = 0xffff_ffff_ffff_ffffn;

/** The least integer that a generic serde_json value holds as one. */
export const I64_MIN = -0x8000_0000_0000_0000n;
