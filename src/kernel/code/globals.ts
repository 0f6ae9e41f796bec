import { BLOCKS_START, FREE_LISTS_BYTES, INITIAL_ENTRIES } from '../layout.ts';
import type { GlobalText } from './function.ts';

/** What the kernel remembers outside its memory, where no store of a plugin reaches. See layout.ts for the places that these name. */
export const kernelGlobals = {
  /** The end of the last block. */
  top: { type: 'i64', initial: BLOCKS_START },
  /** The end of the bytes that may not be zero. */
  high: { type: 'i64', initial: BLOCKS_START },
  /** Where stores are known to be harmless begins: after the block table, once that has moved. */
  floor: { type: 'i64', initial: BLOCKS_START },
  /** `high - floor`: a byte at `floor + n` may be stored without further checks when n is below. */
  byte_window: { type: 'i64', initial: 0 },
  /** The same for eight bytes: seven fewer, but never negative. */
  word_window: { type: 'i64', initial: 0 },
  /** The address of the block table. */
  entries: { type: 'i32', initial: FREE_LISTS_BYTES },
  /** How many entries it has room for. */
  capacity: { type: 'i32', initial: INITIAL_ENTRIES },
  /** How many it holds. */
  count: { type: 'i32', initial: 0 },
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
