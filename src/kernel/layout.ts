/*
 * How the kernel uses its memory, in bytes:
 *
 *   0               the heads of the free lists, one u32 for each size class
 *   512             the block table: one entry of 16 bytes for each block, by rising start; 96 entries at first
 *   2048            the blocks, one after the other
 *   top             the end of the last block; the next one begins here
 *   high            the end of the bytes that may not be zero: what reset has to clear
 *   memory.size     the end
 *
 * When the block table is full it moves to `top`, at twice its size, and blocks go on after it. The plugin may load from and store to any
 * offset from 2048 up, in a block or not, but not to the block table: what the kernel believes of its blocks is never the plugin's word.
 *
 * An entry of the block table is four u32: the block's start, its capacity (the largest length of its size class), its length (0 when it
 * is free), and, when it is free, the number of the next free block of its size class, counting from 1.
 */

/** The first byte that can belong to a block: offsets below are the kernel's own. */
export const BLOCKS_START = 2048;

/** Bytes taken by the heads of the free lists, from address 0: room for 128, of which the size classes of 32 bits use 113. */
export const FREE_LISTS_BYTES = 512;

/** Bytes of one entry of the block table. */
export const ENTRY_BYTES = 16;

/** Entries of the block table that fit before the first block. */
export const INITIAL_ENTRIES = (BLOCKS_START - FREE_LISTS_BYTES) / ENTRY_BYTES;
