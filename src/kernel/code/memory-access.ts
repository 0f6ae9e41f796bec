import { BLOCKS_START } from '../layout.ts';
import type { FunctionText } from './function.ts';

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
  // From `high` on every byte is zero, in bounds or not, so one comparison answers for both.
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
  // Past the window of harmless stores, a function of its own says whether the store may be made.
  body: `
    local.get $offset  global.get $floor  i64.sub  global.get $byte_window  i64.lt_u
    if
      local.get $offset  i32.wrap_i64  local.get $byte  i32.store8
    else
      local.get $offset  i64.const 1  call $may_store
      if  local.get $offset  i32.wrap_i64  local.get $byte  i32.store8  end
    end`,
};

const storeU64: FunctionText = {
  params: { offset: 'i64', word: 'i64' },
  results: [],
  locals: {},
  body: `
    local.get $offset  global.get $floor  i64.sub  global.get $word_window  i64.lt_u
    if
      local.get $offset  i32.wrap_i64  local.get $word  i64.store
    else
      local.get $offset  i64.const 8  call $may_store
      if  local.get $offset  i32.wrap_i64  local.get $word  i64.store  end
    end`,
};

const mayStore: FunctionText = {
  params: { offset: 'i64', size: 'i64' },
  results: ['i32'],
  locals: {},
  // Not below the blocks, not past the memory, not into the block table, which may end at 2^32. What may be stored is noted for reset.
  body: `
    local.get $offset  i64.const ${BLOCKS_START}  i64.lt_u
    local.get $offset  call $end_of_memory  local.get $size  i64.sub  i64.gt_u
    i32.or
    if  i32.const 0  return  end
    local.get $offset  local.get $size  i64.add  global.get $entries  i64.extend_i32_u  i64.gt_u
    local.get $offset
    global.get $entries  i64.extend_i32_u  global.get $capacity  i64.extend_i32_u  i64.const 4  i64.shl  i64.add
    i64.lt_u
    i32.and
    if  i32.const 0  return  end
    local.get $offset  local.get $size  i64.add  call $raise_high
    i32.const 1`,
};

const inBounds: FunctionText = {
  params: { offset: 'i64', length: 'i64' },
  results: ['i32'],
  locals: {},
  // Whether a range lies in kernel memory. When the offset is past the end the difference wraps, but then the second line says no.
  body: `
    local.get $offset  i64.const ${BLOCKS_START}  i64.ge_u
    local.get $offset  call $end_of_memory  i64.lt_u
    i32.and
    local.get $length  call $end_of_memory  local.get $offset  i64.sub  i64.le_u
    i32.and`,
};

/** Loads and stores, with the bounds of the whole kernel memory. */
export const memoryAccessFunctions = {
  end_of_memory: endOfMemory,
  may_store: mayStore,
  in_bounds: inBounds,
  load_u8: loadU8,
  load_u64: loadU64,
  store_u8: storeU8,
  store_u64: storeU64,
  memory_bytes: endOfMemory,
} as const;
