/*
 * Instructions that metering writes byte by byte, or treats each in its own way.
 */
export const BLOCK = 0x02;
export const LOOP = 0x03;
export const END = 0x0b;
export const BRANCH = 0x0c;
export const DROP = 0x1a;
export const I32_CONST = 0x41;
export const I64_CONST = 0x42;
export const MEMORY_GROW = 0x40;
export const MEMORY_INIT = 0xfc0008;
export const MEMORY_COPY = 0xfc000a;
export const MEMORY_FILL = 0xfc000b;
export const TABLE_INIT = 0xfc000c;
export const TABLE_COPY = 0xfc000e;
export const TABLE_GROW = 0xfc000f;
export const TABLE_FILL = 0xfc0011;
export const ATOMIC_WAIT64 = 0xfe0002;

/** The type of a block without parameters and results. */
export const EMPTY_BLOCK = 0x40;
