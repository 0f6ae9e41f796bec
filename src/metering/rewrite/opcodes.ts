/*
 * Instructions that metering writes byte by byte.
 */
export const BLOCK = 0x02;
export const LOOP = 0x03;
export const END = 0x0b;
export const BRANCH = 0x0c;
export const DROP = 0x1a;
export const I32_CONST = 0x41;
export const I64_CONST = 0x42;

/** The type of a block without parameters and results. */
export const EMPTY_BLOCK = 0x40;
