/*
 * How the kernel uses its memory, in bytes:
 *
 *   0               the heads of the lists of free blocks, one u32 for each size class
 *   448             one bit for each size class: whether its list has a block
 *   464             the map directory: one u32 for each range of memory beyond the first page
 *   720             the map of the first page
 *   2032            the header of the first block
 *   2048            its data, then the next header, and so on
 *   top             the end of the last block: the next header comes here
 *   high            the end of the bytes that may not be zero: what reset has to clear
 *   memory.size     the end
 *
 * A block is a header of 16 bytes and its data, both aligned to 8 bytes. The header is four u32: the capacity of the data, with bit 0 set
 * unless the block is free; its length, or the next free block of its class; the free block before that; the header of the block that
 * lies before this one in memory (0 for the first).
 *
 * The map has one bit for each 8 bytes, set where a plugin may not store: headers, and the map itself. A plugin may load from and store to
 * any other offset from 2048 up, in a block or not. So what the kernel believes of its blocks is never the plugin's word.
 *
 * Each range has a map of its own. The first is the first page. From there on each doubling of memory has four: 16 KiB each from 64 KiB
 * on, 32 KiB each from 128 KiB on. When blocks reach a range its map is put at `top`, as the data of a block that nobody owns: its length is 0.
 * No header is in the last 16 bytes of a range: its bits, and that of the data behind it, are in one map.
 */

/** The first byte that can belong to a block: offsets below are the kernel's own. */
export const BLOCKS_START = 2048;

/** Bytes of a block's header. */
export const HEADER_BYTES = 16;

/**
 * Size classes of free blocks: one for each capacity below 64 bytes, in steps of 8, then four for
 * each doubling up to 2^32.
 */
export const SIZE_CLASSES = 112;

/** Where the bits of the size classes are: two i64. */
export const CLASS_BITS = SIZE_CLASSES * 4;

/** Where the directory of the map is. */
export const MAP_DIRECTORY = CLASS_BITS + 16;

/** Ranges beyond the first page: four for each doubling up to 2^32. */
export const MAP_RANGES = 64;

/** Where the map of the first page is. */
export const FIRST_MAP = MAP_DIRECTORY + MAP_RANGES * 4;

/** Bytes of the first page, which is the first range. */
export const PAGE_BYTES = 65_536;

/** Bytes of the smallest range: every range starts at a multiple of it. */
export const RANGE_BYTES = PAGE_BYTES / 4;
