import { crossing, type FunctionText } from './abi.ts';
import { freeBlockFunctions } from './free-blocks.ts';
import { BLOCKS_START, HEADER_BYTES, PAGE_BYTES, RANGE_BYTES } from './layout.ts';
import { protectionFunctions } from './protection.ts';

/** The most bytes of a block. */
const MAX_LENGTH = 0xe0000000;

/** Zeroing more bytes than this takes time that is charged, and after which the clock is read. */
const LONG_RESET_BYTES = 65_536;

const findBlock: FunctionText = {
  params: { handle: 'i64' },
  results: ['i32'],
  locals: { data: 'i32' },
  // Returns the header of the live block whose data starts at the handle; 0 if there is none.
  body: `
    local.get $handle  i64.const ${BLOCKS_START - HEADER_BYTES}  i64.sub
    global.get $top    i64.const ${BLOCKS_START - HEADER_BYTES}  i64.sub
    i64.ge_u
    if  i32.const 0  return  end
    local.get $handle  i32.wrap_i64  local.tee $data  call $starts_data  i32.eqz
    if  i32.const 0  return  end
    local.get $data  i32.const ${HEADER_BYTES}  i32.sub  local.tee $data
    i32.const 0
    local.get $data  i32.load  i32.const 1  i32.and
    select`,
};

const capacity: FunctionText = {
  params: { block: 'i32' },
  results: ['i32'],
  locals: {},
  body: 'local.get $block  i32.load  i32.const -2  i32.and',
};

const growTo: FunctionText = {
  params: { end: 'i64' },
  results: ['i32'],
  locals: { pages: 'i32' },
  // Grows the memory up to an offset. Returns 0 if the engine or the budget does not allow it.
  body: `
    local.get $end  i64.const 0xffff  i64.add  i64.const 16  i64.shr_u  i32.wrap_i64
    memory.size  i32.sub  local.tee $pages
    i32.const 0  i32.le_s
    if  i32.const 1  return  end
    ${crossing('local.get $pages  call $javascript_take_pages')}  i32.eqz
    if  i32.const 0  return  end
    local.get $pages  memory.grow  i32.const -1  i32.ne
    if  i32.const 1  return  end
    ${crossing('i32.const 0  local.get $pages  i32.sub  call $javascript_take_pages')}  drop
    i32.const 0`,
};

const raiseHigh: FunctionText = {
  params: { end: 'i64' },
  results: [],
  locals: {},
  // Records that bytes up to an offset may not be zero.
  body: `
    local.get $end  global.get $high  i64.gt_u
    if  local.get $end  global.set $high  end`,
};

const addHeader: FunctionText = {
  params: { header: 'i32', size: 'i32' },
  results: [],
  locals: {},
  // Writes the header of a new last block.
  body: `
    local.get $header  local.get $size  i32.const 1  i32.or  i32.store
    local.get $header  global.get $last  i32.store offset=12
    local.get $header  global.set $last
    local.get $header  call $protect`,
};

const addMaps: FunctionText = {
  params: { size: 'i64' },
  results: [],
  locals: {},
  // Adds the maps of all ranges that a new block of this size will reach. The memory is large
  // enough.
  body: `
    loop $next
      global.get $top  local.get $size  i64.add  i64.const 16  i64.add
      global.get $mapped  i64.le_u
      if  return  end
      call $add_map
      br $next
    end`,
};

const appendBlock: FunctionText = {
  params: { size: 'i64' },
  results: ['i32'],
  locals: { header: 'i32', end: 'i64' },
  // Adds a block at the top. If it ended in the last 16 bytes of a range, where no header may be,
  // it gets these bytes too.
  body: `
    global.get $top  local.get $size  i64.add  i64.const 16  i64.add  local.tee $end
    i64.const ${RANGE_BYTES - 1}  i64.and  i64.const ${RANGE_BYTES - HEADER_BYTES}  i64.ge_u
    if  local.get $end  i64.const ${RANGE_BYTES - 1}  i64.or  i64.const 1  i64.add  local.set $end  end
    global.get $top  i32.wrap_i64  local.tee $header
    local.get $end  i32.wrap_i64  local.get $header  i32.sub  i32.const 16  i32.sub
    call $add_header
    local.get $end  global.set $top
    local.get $end  global.get $high  i64.gt_u
    if  local.get $end  global.set $high  end
    local.get $header`,
};

const alloc: FunctionText = {
  params: { length: 'i64' },
  results: ['i64'],
  locals: {},
  // Growth beyond the memory budget ends the call. If memory is exhausted otherwise, returns 0.
  body: 'local.get $length  call $allocate  global.get $failed  if  unreachable  end',
};

const allocate: FunctionText = {
  params: { length: 'i64' },
  results: ['i64'],
  locals: { size: 'i64', end: 'i64', block: 'i32' },
  // Reuses a freed block only if the memory would have to grow otherwise.
  body: `
    local.get $length  i64.const 1  i64.sub
    i64.const ${MAX_LENGTH}  i64.ge_u
    if  i64.const 0  return  end
    local.get $length  i64.const 7  i64.add  i64.const -8  i64.and  local.set $size
    block $found
      global.get $top  local.get $size  i64.add  i64.const 16  i64.add  local.tee $end
      global.get $room  i64.gt_u
      if
        local.get $size  call $needed_end  local.tee $end
        call $end_of_memory  i64.gt_u
        if
          local.get $size  i32.wrap_i64  call $take_free  local.tee $block  br_if $found
          local.get $end  call $grow_to  i32.eqz
          if  i64.const 0  return  end
        end
        local.get $size  call $add_maps
        call $end_of_memory  global.get $mapped
        call $end_of_memory  global.get $mapped  i64.lt_u
        select  global.set $room
      end
      local.get $size  call $append_block  local.set $block
    end
    local.get $block  local.get $length  i64.store32 offset=4
    i64.const 0  global.set $other_bytes
    i64.const 0  global.set $other_words
    local.get $block  i64.extend_i32_u  i64.const 16  i64.add  local.tee $end
    local.get $size  call $set_window
    local.get $end`,
};

const follow: FunctionText = {
  params: { block: 'i32', before: 'i32' },
  results: [],
  locals: {},
  // Makes a block the one before the block that follows it in memory.
  body: `
    local.get $before  global.get $last  i32.eq
    if    local.get $block  global.set $last
    else
      local.get $block  local.get $block  call $capacity  i32.add
      local.get $block  i32.store offset=28
    end`,
};

const free: FunctionText = {
  params: { handle: 'i64' },
  results: [],
  locals: { block: 'i32', capacity: 'i32', next: 'i32', before: 'i32' },
  // Only a map has the length 0. Free neighbours become one block. A freed block keeps its contents
  // until it is reused.
  body: `
    local.get $handle  call $find_block  local.tee $block  i32.eqz
    if  return  end
    local.get $block  i32.load offset=4  i32.eqz
    if  return  end
    local.get $handle  global.get $input_offset  i64.eq
    if  i64.const 0  global.set $input_length  end
    local.get $block  call $capacity  local.set $capacity
    local.get $block  local.set $next
    local.get $block  global.get $last  i32.ne
    if
      local.get $block  local.get $capacity  i32.add  i32.const 16  i32.add  local.tee $before
      i32.load  i32.const 1  i32.and  i32.eqz
      if
        local.get $before  local.tee $next  call $unlink
        local.get $next  call $unprotect
        local.get $next  i32.load  i32.const 16  i32.add  local.get $capacity  i32.add  local.set $capacity
      end
    end
    local.get $block  i32.load offset=12  local.tee $before
    if
      local.get $before  i32.load  i32.const 1  i32.and  i32.eqz
      if
        local.get $block  call $unprotect
        local.get $before
        local.get $before  i32.load  i32.const 16  i32.add  local.get $capacity  i32.add
        call $resize
        local.get $before  local.get $next  call $follow
        return
      end
    end
    local.get $block  local.get $capacity  i32.store
    local.get $block  call $link
    local.get $next  local.get $block  i32.ne
    if  local.get $block  local.get $next  call $follow  end`,
};

const length: FunctionText = {
  params: { handle: 'i64' },
  results: ['i64'],
  locals: { block: 'i32' },
  body: `
    local.get $handle  call $find_block  local.tee $block  i32.eqz
    if  i64.const 0  return  end
    local.get $block  i64.load32_u offset=4`,
};

const reset: FunctionText = {
  params: {},
  results: [],
  locals: { used: 'i64' },
  // A plugin may call this too, and often. So the time for zeroing many bytes is charged, and the
  // clock is read.
  body: `
    global.get $high  local.set $used
    call $reset_blocks
    local.get $used  i64.const ${LONG_RESET_BYTES}  i64.gt_u
    if
      ${crossing('local.get $used  f64.convert_i64_u  call $javascript_charge_bytes')}
      global.get $failed
      if  unreachable  end
    end`,
};

const resetBlocks: FunctionText = {
  params: {},
  results: [],
  locals: {},
  // Zeroes only what was used, including all maps and lists; in two parts, since the end may be
  // 2^32.
  body: `
    i32.const 0  i32.const 0  i32.const ${BLOCKS_START}  memory.fill
    i32.const ${BLOCKS_START}  i32.const 0
    global.get $high  i32.wrap_i64  i32.const ${BLOCKS_START}  i32.sub
    memory.fill
    i64.const ${BLOCKS_START - HEADER_BYTES}  global.set $top
    i64.const ${PAGE_BYTES}  global.set $mapped
    i64.const ${PAGE_BYTES}  global.set $room
    i32.const 0  global.set $last
    i64.const ${BLOCKS_START}  global.set $floor
    i64.const ${BLOCKS_START}  global.set $high
    i64.const 0  global.set $byte_window    i64.const 0  global.set $word_window
    i64.const 0  global.set $other_bytes    i64.const 0  global.set $other_words
    i64.const 0  global.set $input_offset   i64.const 0  global.set $input_length
    i64.const 0  global.set $output_offset  i64.const 0  global.set $output_length
    i64.const 0  global.set $error`,
};

/**
 * The functions of blocks: those that a plugin imports (`alloc`, `free`, `length`, `reset`), and
 * those that they call.
 */
export const allocatorFunctions = {
  ...protectionFunctions,
  ...freeBlockFunctions,
  find_block: findBlock,
  capacity,
  grow_to: growTo,
  raise_high: raiseHigh,
  add_header: addHeader,
  add_maps: addMaps,
  append_block: appendBlock,
  follow,
  allocate,
  alloc,
  free,
  length,
  length_unsafe: length,
  reset_blocks: resetBlocks,
  reset,
} as const;
