import type { GlobalText } from './function.ts';
import { BLOCKS_START, HEADER_BYTES, PAGE_BYTES } from './layout.ts';

/** What the kernel remembers outside its memory, where no store of a plugin reaches. See layout.ts for the places that these name. */
export const kernelGlobals = {
  /** The end of the last block. */
  top: { type: 'i64', initial: BLOCKS_START - HEADER_BYTES },
  /** The header of the last block; 0 when there is none. */
  last: { type: 'i32', initial: 0 },
  /** The end of the ranges that have a map. */
  mapped: { type: 'i64', initial: PAGE_BYTES },
  /**
   * Where blocks may end without more maps or memory: `mapped`, or the end of memory, whichever is
   * less.
   */
  room: { type: 'i64', initial: PAGE_BYTES },
  /** The end of the bytes that may not be zero. */
  high: { type: 'i64', initial: BLOCKS_START },
  /**
   * Where a run of bytes begins that a plugin may store to: the data of the newest block, or what
   * is around the latest store elsewhere.
   */
  floor: { type: 'i64', initial: BLOCKS_START },
  /**
   * How long it is: a byte at `floor + n` may be stored without further checks when n is below. It
   * ends before `high`.
   */
  byte_window: { type: 'i64', initial: 0 },
  /** The same for eight bytes: seven fewer, but never negative. */
  word_window: { type: 'i64', initial: 0 },
  /** The same three for the run before the latest. */
  other_floor: { type: 'i64', initial: 0 },
  other_bytes: { type: 'i64', initial: 0 },
  other_words: { type: 'i64', initial: 0 },
  input_offset: { type: 'i64', initial: 0 },
  input_length: { type: 'i64', initial: 0 },
  output_offset: { type: 'i64', initial: 0 },
  output_length: { type: 'i64', initial: 0 },
  /** The handle of the error message. */
  error: { type: 'i64', initial: 0 },
  /** What `get_log_level` answers; set by the host. */
  log_level: { type: 'i32', initial: 0x7fffffff },
  /** 1 while JavaScript runs on the plugin's behalf. Still 1 at the end of a call when an exception went past the kernel. */
  crossing: { type: 'i32', initial: 0 },
  /** Set to 1 by the host when the call must not go on. */
  failed: { type: 'i32', initial: 0 },
} as const satisfies Readonly<Record<string, GlobalText>>;
