/*
 * How the kernel uses its memory, in bytes:
 *
 *   0               the heads of the lists of free blocks, a u32 for each size class
 *   448             a bit for each size class: whether its list has a block
 *   464             the map directory: a u32 for each range of memory after the first page
 *   720             the map of the first page
 *   2032            the header of the first block
 *   2048            its data, then the next header, and so on
 *   top             the end of the last block: the next header comes here
 *   high            the end of the bytes that may not be zero: `reset` clears up to here
 *   memory.size     the end
 *
 * A block is a header of 16 bytes and its data, both aligned to 8 bytes. The header is four u32:
 * the capacity of the data, with bit 0 set unless the block is free; its length, or the next free
 * block of its class; the previous free block of its class; the header of the block before it in
 * memory, 0 for the first block.
 *
 * The map has a bit for each 8 bytes. It is set where a plugin may not store: at headers, and at
 * the map itself. A plugin may load from and store to any other offset from 2048 up, in a block or
 * not. So a plugin cannot change what the kernel knows of its blocks.
 *
 * Each range has its own map. The first range is the first page. After it, memory is divided into
 * four ranges for each doubling: 16 KiB each from 64 KiB, 32 KiB each from 128 KiB. When blocks
 * reach a range, its map is put at `top`, as the data of a block without owner: its length is 0. No
 * header is in the last 16 bytes of a range, so its bits, and that of the data after it, are in one
 * map.
 */

/** The first byte that can belong to the data of a block. The kernel alone uses those below. */
export const BLOCKS_START = 2048;

/** Bytes of the header of a block. */
export const HEADER_BYTES = 16;

/**
 * Size classes of free blocks: one for each capacity below 64 bytes, in steps of 8; then four for
 * each doubling up to 2^32.
 */
export const SIZE_CLASSES = 112;

/** The offset of the bits of the size classes: two i64. */
export const CLASS_BITS = SIZE_CLASSES * 4;

/** The offset of the map directory. */
export const MAP_DIRECTORY = CLASS_BITS + 16;

/** Ranges after the first page: four for each doubling up to 2^32. */
export const MAP_RANGES = 64;

/** The offset of the map of the first page. */
export const FIRST_MAP = MAP_DIRECTORY + MAP_RANGES * 4;

/** Bytes of the first page, which is the first range. */
export const PAGE_BYTES = 65_536;

/** Bytes of the smallest range. Every range starts at a multiple of it. */
export const RANGE_BYTES = PAGE_BYTES / 4;

/** A global of the kernel. */
export interface GlobalText {
  readonly type: 'i32' | 'i64';
  readonly initial: number;
}

/** What the kernel keeps outside its memory, where no store of a plugin reaches. */
export const kernelGlobals = {
  /** The end of the last block. */
  top: { type: 'i64', initial: BLOCKS_START - HEADER_BYTES },
  /** The header of the last block; 0 if there is none. */
  last: { type: 'i32', initial: 0 },
  /** The end of the ranges that have a map. */
  mapped: { type: 'i64', initial: PAGE_BYTES },
  /**
   * Where blocks may end without more maps or memory: the lower of `mapped` and the memory size.
   */
  room: { type: 'i64', initial: PAGE_BYTES },
  /** The end of the bytes that may not be zero. */
  high: { type: 'i64', initial: BLOCKS_START },
  /**
   * The start of a window of bytes that a plugin may store to: the data of the newest block, or the
   * bytes around the latest store elsewhere.
   */
  floor: { type: 'i64', initial: BLOCKS_START },
  /**
   * The length of the window: a byte at `floor + n` may be stored without further checks if n is
   * below it. The window ends before `high`.
   */
  byte_window: { type: 'i64', initial: 0 },
  /** The same for a store of 8 bytes: 7 fewer, but not negative. */
  word_window: { type: 'i64', initial: 0 },
  /** The same three for the window before the latest. */
  other_floor: { type: 'i64', initial: 0 },
  other_bytes: { type: 'i64', initial: 0 },
  other_words: { type: 'i64', initial: 0 },
  input_offset: { type: 'i64', initial: 0 },
  input_length: { type: 'i64', initial: 0 },
  output_offset: { type: 'i64', initial: 0 },
  output_length: { type: 'i64', initial: 0 },
  /** The handle of the error message. */
  error: { type: 'i64', initial: 0 },
  /** What `get_log_level` returns. The host sets it. */
  log_level: { type: 'i32', initial: 0x7fffffff },
  /**
   * 1 while JavaScript runs for the plugin. Still 1 after a call if an exception passed the kernel.
   */
  crossing: { type: 'i32', initial: 0 },
  /** The host sets it to 1 if the call must end. */
  failed: { type: 'i32', initial: 0 },
} as const satisfies Readonly<Record<string, GlobalText>>;
