/** The bytes of the value types that hostile modules use. */
export const I32 = 0x7f;
export const I64 = 0x7e;
export const F64 = 0x7c;
export const V128 = 0x7b;
export const FUNCREF = 0x70;
export const EXTERNREF = 0x6f;
export const EXNREF = 0x69;

/** A block type without parameters and results. */
export const EMPTY = 0x40;
