import { BLOCKS_START, ENTRY_BYTES, FREE_LISTS_BYTES, INITIAL_ENTRIES } from '../layout.ts';
import { crossing } from './crossing.ts';
import type { FunctionText } from './function.ts';

/** The longest block in bytes: the largest size of a class below 2^32. */
const MAX_LENGTH = 0xe0000000;

/** Zeroing more bytes than these takes time that is worth a look at the clock. */
const LONG_RESET_BYTES = 65_536;

const findBlock: FunctionText = {
  params: { handle: 'i64' },
  results: ['i32'],
  locals: { start: 'i32', lower: 'i32', upper: 'i32', middle: 'i32', entry: 'i32', found: 'i32' },
  // Binary search in the block table: the address of the entry whose block, live or free, starts at the handle; else 0.
  body: `
    local.get $handle  i64.const 0xffffffff  i64.gt_u
    if  i32.const 0  return  end
    local.get $handle  i32.wrap_i64  local.set $start
    global.get $count  local.set $upper
    block $absent
      loop $search
        local.get $lower  local.get $upper  i32.ge_u  br_if $absent
        global.get $entries
        local.get $lower  local.get $upper  i32.add  i32.const 1  i32.shr_u  local.tee $middle
        i32.const 4  i32.shl  i32.add  local.tee $entry
        i32.load  local.tee $found
        local.get $start  i32.eq
        if  local.get $entry  return  end
        local.get $found  local.get $start  i32.lt_u
        if    local.get $middle  i32.const 1  i32.add  local.set $lower
        else  local.get $middle  local.set $upper
        end
        br $search
      end
    end
    i32.const 0`,
};

const sizeClass: FunctionText = {
  params: { size: 'i32' },
  results: ['i32'],
  locals: { last: 'i32', exponent: 'i32' },
  // 0 up to 16 bytes; then four classes for each doubling: sizes of one class differ by a quarter at most.
  body: `
    local.get $size  i32.const 16  i32.le_u
    if  i32.const 0  return  end
    i32.const 31
    local.get $size  i32.const 1  i32.sub  local.tee $last
    i32.clz  i32.sub  local.tee $exponent
    i32.const 4  i32.sub  i32.const 2  i32.shl
    local.get $last  local.get $exponent  i32.const 2  i32.sub  i32.shr_u  i32.const 3  i32.and
    i32.add  i32.const 1  i32.add`,
};

const unlink: FunctionText = {
  params: { link: 'i32' },
  results: ['i32'],
  locals: { entry: 'i32' },
  // Takes the block that the link names out of its free list, and gives its entry.
  body: `
    local.get $link
    local.get $link  call $linked_entry  local.tee $entry
    i32.load offset=12
    i32.store
    local.get $entry`,
};

const linkedEntry: FunctionText = {
  params: { link: 'i32' },
  results: ['i32'],
  locals: {},
  // The address of the entry that a link names; links count entries from 1.
  body: `
    local.get $link  i32.load  i32.const 1  i32.sub  i32.const 4  i32.shl
    global.get $entries  i32.add`,
};

const takeFree: FunctionText = {
  params: { size: 'i32' },
  results: ['i32'],
  locals: { link: 'i32' },
  // A free block of the same size class, and so of the same capacity; 0 when there is none.
  body: `
    local.get $size  call $size_class  i32.const 2  i32.shl  local.tee $link
    i32.load  i32.eqz
    if  i32.const 0  return  end
    local.get $link  call $unlink`,
};

const takeLarger: FunctionText = {
  params: { size: 'i32' },
  results: ['i32'],
  locals: { link: 'i32' },
  // When memory cannot grow: any free block of a larger size class, however much too large; 0 when there is none.
  body: `
    local.get $size  call $size_class  i32.const 2  i32.shl  local.set $link
    loop $next
      local.get $link  i32.const 4  i32.add  local.tee $link
      i32.const ${FREE_LISTS_BYTES}  i32.ge_u
      if  i32.const 0  return  end
      local.get $link  i32.load  i32.eqz  br_if $next
    end
    local.get $link  call $unlink`,
};

const growTo: FunctionText = {
  params: { end: 'i64' },
  results: ['i32'],
  locals: { pages: 'i32' },
  // Makes the memory reach to an end; 0 when it cannot, or the budget does not allow it.
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
  locals: { window: 'i64' },
  // Notes that bytes up to an end may not be zero, and sets the windows within which a store needs no other check.
  body: `
    local.get $end  global.get $high  i64.gt_u
    if  local.get $end  global.set $high  end
    global.get $high  global.get $floor  i64.sub  local.tee $window
    global.set $byte_window
    local.get $window  i64.const 7  i64.sub  i64.const 0
    local.get $window  i64.const 8  i64.ge_u  select
    global.set $word_window`,
};

const extendTable: FunctionText = {
  params: {},
  results: ['i32'],
  locals: { end: 'i64' },
  // Moves the block table to the top at twice its size; 0 when memory cannot grow.
  body: `
    global.get $top  global.get $capacity  i64.extend_i32_u  i64.const ${2 * ENTRY_BYTES}  i64.mul  i64.add
    local.tee $end  call $grow_to  i32.eqz
    if  i32.const 0  return  end
    global.get $top  i32.wrap_i64
    global.get $entries
    global.get $count  i32.const 4  i32.shl
    memory.copy
    global.get $top  i32.wrap_i64  global.set $entries
    global.get $capacity  i32.const 1  i32.shl  global.set $capacity
    local.get $end  global.set $top
    local.get $end  global.set $floor
    local.get $end  call $raise_high
    i32.const 1`,
};

const appendBlock: FunctionText = {
  params: { size: 'i64' },
  results: ['i32'],
  locals: { end: 'i64', entry: 'i32' },
  // A new block at the top: its entry; 0 when memory cannot grow.
  body: `
    global.get $count  global.get $capacity  i32.eq
    if
      call $extend_table  i32.eqz
      if  i32.const 0  return  end
    end
    global.get $top  local.get $size  i64.add  local.tee $end
    call $grow_to  i32.eqz
    if  i32.const 0  return  end
    global.get $entries  global.get $count  i32.const 4  i32.shl  i32.add  local.tee $entry
    global.get $top  i64.store32
    local.get $entry  local.get $size  i64.store32 offset=4
    global.get $count  i32.const 1  i32.add  global.set $count
    local.get $end  global.set $top
    local.get $end  call $raise_high
    local.get $entry`,
};

const alloc: FunctionText = {
  params: { length: 'i64' },
  results: ['i64'],
  locals: {},
  // Growth past the memory budget ends the call; only memory that is exhausted otherwise is answered by 0.
  body: 'local.get $length  call $allocate  global.get $failed  if  unreachable  end',
};

const allocate: FunctionText = {
  params: { length: 'i64' },
  results: ['i64'],
  locals: { step: 'i64', size: 'i64', entry: 'i32' },
  // The capacity is the largest of the size class, so that any block of a class serves any length of it: what a plugin frees and
  // allocates again, in whatever order, takes no new memory. A step is the width of a class: a quarter of a doubling, 16 at least.
  body: `
    local.get $length  i64.eqz
    local.get $length  i64.const ${MAX_LENGTH}  i64.gt_u
    i32.or
    if  i64.const 0  return  end
    i64.const 1
    i64.const 61  local.get $length  i64.const 1  i64.sub  i64.const 127  i64.or  i64.clz  i64.sub
    i64.shl  local.set $step
    local.get $length  local.get $step  i64.add  i64.const 1  i64.sub
    i64.const 0  local.get $step  i64.sub
    i64.and  local.set $size
    block $found
      local.get $size  i32.wrap_i64  call $take_free  local.tee $entry  br_if $found
      local.get $size  call $append_block  local.tee $entry  br_if $found
      local.get $size  i32.wrap_i64  call $take_larger  local.tee $entry  br_if $found
      i64.const 0  return
    end
    local.get $entry  local.get $length  i64.store32 offset=8
    local.get $entry  i64.load32_u`,
};

const free: FunctionText = {
  params: { handle: 'i64' },
  results: [],
  locals: { entry: 'i32', link: 'i32' },
  body: `
    local.get $handle  call $find_block  local.tee $entry  i32.eqz
    if  return  end
    local.get $entry  i32.load offset=8  i32.eqz
    if  return  end
    local.get $entry  i32.const 0  i32.store offset=8
    local.get $entry  i32.load offset=4  call $size_class  i32.const 2  i32.shl  local.set $link
    local.get $entry  local.get $link  i32.load  i32.store offset=12
    local.get $link
    local.get $entry  global.get $entries  i32.sub  i32.const 4  i32.shr_u  i32.const 1  i32.add
    i32.store
    local.get $handle  global.get $input_offset  i64.eq
    if  i64.const 0  global.set $input_length  end`,
};

const length: FunctionText = {
  params: { handle: 'i64' },
  results: ['i64'],
  locals: { entry: 'i32' },
  body: `
    local.get $handle  call $find_block  local.tee $entry  i32.eqz
    if  i64.const 0  return  end
    local.get $entry  i64.load32_u offset=8`,
};

const reset: FunctionText = {
  params: {},
  results: [],
  locals: { used: 'i64' },
  // A plugin may call this too, and again and again: zeroing much takes time, which the clock must see.
  body: `
    global.get $high  local.set $used
    call $reset_blocks
    local.get $used  i64.const ${LONG_RESET_BYTES}  i64.gt_u
    if
      ${crossing('call $javascript_read_clock')}
      global.get $failed
      if  unreachable  end
    end`,
};

const resetBlocks: FunctionText = {
  params: {},
  results: [],
  locals: {},
  // Only what was used is zeroed. The block table needs no zeroing where it first was: no entry is read beyond its count.
  body: `
    i32.const ${BLOCKS_START}  i32.const 0
    global.get $high  i32.wrap_i64  i32.const ${BLOCKS_START}  i32.sub
    memory.fill
    i32.const 0  i32.const 0  i32.const ${FREE_LISTS_BYTES}  memory.fill
    i32.const ${FREE_LISTS_BYTES}  global.set $entries
    i32.const ${INITIAL_ENTRIES}  global.set $capacity
    i32.const 0  global.set $count
    i64.const ${BLOCKS_START}  global.set $top
    i64.const ${BLOCKS_START}  global.set $floor
    i64.const ${BLOCKS_START}  global.set $high
    i64.const 0  call $raise_high
    i64.const 0  global.set $input_offset   i64.const 0  global.set $input_length
    i64.const 0  global.set $output_offset  i64.const 0  global.set $output_length
    i64.const 0  global.set $error`,
};

/** Blocks: the functions a plugin imports (`alloc`, `free`, `length`, `reset`), and those they are made of. */
export const allocatorFunctions = {
  find_block: findBlock,
  size_class: sizeClass,
  linked_entry: linkedEntry,
  unlink,
  take_free: takeFree,
  take_larger: takeLarger,
  grow_to: growTo,
  raise_high: raiseHigh,
  extend_table: extendTable,
  append_block: appendBlock,
  allocate,
  alloc,
  free,
  length,
  length_unsafe: length,
  reset_blocks: resetBlocks,
  reset,
} as const;
