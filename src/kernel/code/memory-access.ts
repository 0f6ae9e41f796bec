import type { FunctionText } from './abi.ts';
import { BLOCKS_START } from './layout.ts';

const endOfMemory: FunctionText = {
  params: {},
  results: ['i64'],
  locals: {},
  body: 'memory.size  i64.extend_i32_u  i64.const 16  i64.shl',
};

const loadU8: FunctionText = {
  params: { offset: 'i64' },
  results: ['i32'],
  locals: {},
  // Bytes from `high` up read as zero, in bounds or not. So one comparison is enough.
  body: `
    local.get $offset  i64.const ${BLOCKS_START}  i64.sub
    global.get $high   i64.const ${BLOCKS_START}  i64.sub
    i64.lt_u
    if (result i32)  local.get $offset  i32.wrap_i64  i32.load8_u
    else             i32.const 0
    end`,
};

const loadU64: FunctionText = {
  params: { offset: 'i64' },
  results: ['i64'],
  locals: {},
  body: `
    local.get $offset  i64.const ${BLOCKS_START}  i64.sub
    call $end_of_memory  i64.const ${BLOCKS_START + 8}  i64.sub
    i64.le_u
    if (result i64)  local.get $offset  i32.wrap_i64  i64.load
    else             i64.const 0
    end`,
};

const storeU8: FunctionText = {
  params: { offset: 'i64', byte: 'i32' },
  results: [],
  locals: {},
  // Another function stores outside the latest window, so that this one is short enough for engines
  // to inline.
  body: `
    local.get $offset  global.get $floor  i64.sub  global.get $byte_window  i64.lt_u
    if    local.get $offset  i32.wrap_i64  local.get $byte  i32.store8
    else  local.get $offset  local.get $byte  call $store_u8_elsewhere
    end`,
};

const storeU64: FunctionText = {
  params: { offset: 'i64', word: 'i64' },
  results: [],
  locals: {},
  body: `
    local.get $offset  global.get $floor  i64.sub  global.get $word_window  i64.lt_u
    if    local.get $offset  i32.wrap_i64  local.get $word  i64.store
    else  local.get $offset  local.get $word  call $store_u64_elsewhere
    end`,
};

const storeU8Elsewhere: FunctionText = {
  params: { offset: 'i64', byte: 'i32' },
  results: [],
  locals: {},
  body: `
    local.get $offset  global.get $other_floor  i64.sub  global.get $other_bytes  i64.ge_u
    if
      local.get $offset  i64.const 1  call $may_store  i32.eqz
      if  return  end
    end
    local.get $offset  i32.wrap_i64  local.get $byte  i32.store8`,
};

const storeU64Elsewhere: FunctionText = {
  params: { offset: 'i64', word: 'i64' },
  results: [],
  locals: {},
  body: `
    local.get $offset  global.get $other_floor  i64.sub  global.get $other_words  i64.ge_u
    if
      local.get $offset  i64.const 8  call $may_store  i32.eqz
      if  return  end
    end
    local.get $offset  i32.wrap_i64  local.get $word  i64.store`,
};

const setWindow: FunctionText = {
  params: { floor: 'i64', bytes: 'i64' },
  results: [],
  locals: {},
  body: `
    local.get $floor  global.set $floor
    local.get $bytes  global.set $byte_window
    local.get $bytes  i64.const 7  i64.sub  global.set $word_window`,
};

const mayStore: FunctionText = {
  params: { offset: 'i64', size: 'i64' },
  results: ['i32'],
  locals: { first: 'i32', map: 'i32', bits: 'i64', unit: 'i64', end: 'i64' },
  // A store may not be below the blocks, beyond the memory, or where the map protects it. It raises
  // `high` for `reset`. The new window is in the 512 bytes around it, 64 bits of the map. It
  // replaces the window before the latest.
  body: `
    local.get $offset  i64.const ${BLOCKS_START}  i64.lt_u
    local.get $offset  call $end_of_memory  local.get $size  i64.sub  i64.gt_u
    i32.or
    if  i32.const 0  return  end
    local.get $offset  i32.wrap_i64  local.tee $first  call $map_of  local.tee $map
    if
      local.get $map  local.get $first  i32.const 9  i32.shr_u  i32.const 3  i32.shl  i32.add  i64.load  local.set $bits
    end
    local.get $offset  i64.const 3  i64.shr_u  local.set $unit
    local.get $bits  local.get $unit  i64.shr_u  i64.const 1  i64.and  i32.wrap_i64
    if  i32.const 0  return  end
    local.get $first  local.get $size  i32.wrap_i64  i32.const 1  i32.sub  i32.add  local.tee $first
    i32.const 3  i32.shr_u  local.get $unit  i32.wrap_i64  i32.ne
    if
      local.get $first  call $is_protected
      if  i32.const 0  return  end
    end
    local.get $offset  local.get $size  i64.add  call $raise_high
    local.get $unit  i64.const 63  i64.and  local.set $unit
    local.get $bits  local.get $unit  i64.shr_u  i64.ctz  local.get $unit  i64.add  local.tee $end
    i64.const 64
    local.get $end  i64.const 64  i64.lt_u  select
    i64.const 3  i64.shl
    local.get $offset  i64.const -512  i64.and  local.tee $offset
    i64.add  local.tee $end
    call $raise_high
    local.get $offset
    i64.const 64
    local.get $bits  i64.const 1  local.get $unit  i64.shl  i64.const 1  i64.sub  i64.and  i64.clz
    i64.sub  i64.const 3  i64.shl
    i64.add  local.set $offset
    global.get $floor  global.set $other_floor
    global.get $byte_window  global.set $other_bytes
    global.get $word_window  global.set $other_words
    local.get $offset  local.get $end  local.get $offset  i64.sub  call $set_window
    i32.const 1`,
};

const inBounds: FunctionText = {
  params: { offset: 'i64', length: 'i64' },
  results: ['i32'],
  locals: {},
  // Whether a range is in the kernel memory. If the offset is beyond the end, the difference wraps,
  // but the second comparison fails.
  body: `
    local.get $offset  i64.const ${BLOCKS_START}  i64.ge_u
    local.get $offset  call $end_of_memory  i64.lt_u
    i32.and
    local.get $length  call $end_of_memory  local.get $offset  i64.sub  i64.le_u
    i32.and`,
};

/** The functions that load and store, within the bounds of the kernel memory. */
export const memoryAccessFunctions = {
  end_of_memory: endOfMemory,
  set_window: setWindow,
  may_store: mayStore,
  in_bounds: inBounds,
  load_u8: loadU8,
  load_u64: loadU64,
  store_u8: storeU8,
  store_u64: storeU64,
  store_u8_elsewhere: storeU8Elsewhere,
  store_u64_elsewhere: storeU64Elsewhere,
  memory_bytes: endOfMemory,
} as const;
