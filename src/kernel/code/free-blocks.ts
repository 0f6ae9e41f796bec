import type { FunctionText } from './abi.ts';
import { CLASS_BITS, HEADER_BYTES, RANGE_BYTES } from './layout.ts';

/**
 * A free block is divided if it is larger than the request by this: 16 bytes, a header, and the
 * 16 bytes that keep a header away from the end of a range.
 */
const SPLIT_BYTES = 48;

/** How many blocks of its class a request looks at, plus one for each 256 bytes of the request. */
const LOOKS = 16;

/** log2 of the bytes of a request for which it looks at one more block. */
const LOOK_SHIFT = 8;

const sizeClass: FunctionText = {
  params: { capacity: 'i32' },
  results: ['i32'],
  locals: { units: 'i32', bits: 'i32' },
  // The capacity divided by 8 if it is below 64 bytes; above, four classes for each doubling.
  body: `
    local.get $capacity  i32.const 3  i32.shr_u  local.tee $units
    i32.const 8  i32.lt_u
    if  local.get $units  return  end
    i32.const 29  local.get $units  i32.clz  i32.sub  local.tee $bits
    i32.const 2  i32.shl
    local.get $units  local.get $bits  i32.shr_u
    i32.add`,
};

const link: FunctionText = {
  params: { block: 'i32' },
  results: [],
  locals: { class: 'i32', next: 'i32', word: 'i32' },
  // Adds a free block at the head of the list of its class.
  body: `
    local.get $block  i32.load  call $size_class  local.set $class
    local.get $class  i32.const 2  i32.shl  i32.load  local.set $next
    local.get $block  local.get $next  i32.store offset=4
    local.get $block  i32.const 0  i32.store offset=8
    local.get $next
    if  local.get $next  local.get $block  i32.store offset=8  end
    local.get $class  i32.const 2  i32.shl  local.get $block  i32.store
    local.get $class  i32.const 6  i32.shr_u  i32.const 3  i32.shl  local.tee $word
    local.get $word  i64.load offset=${CLASS_BITS}
    i64.const 1  local.get $class  i64.extend_i32_u  i64.shl
    i64.or
    i64.store offset=${CLASS_BITS}`,
};

const unlink: FunctionText = {
  params: { block: 'i32' },
  results: [],
  locals: { class: 'i32', next: 'i32', before: 'i32', word: 'i32' },
  // Removes a free block from its list.
  body: `
    local.get $block  i32.load offset=4  local.set $next
    local.get $block  i32.load offset=8  local.set $before
    local.get $next
    if  local.get $next  local.get $before  i32.store offset=8  end
    local.get $before
    if  local.get $before  local.get $next  i32.store offset=4  return  end
    local.get $block  i32.load  call $size_class  local.set $class
    local.get $class  i32.const 2  i32.shl  local.get $next  i32.store
    local.get $next
    if  return  end
    local.get $class  i32.const 6  i32.shr_u  i32.const 3  i32.shl  local.tee $word
    local.get $word  i64.load offset=${CLASS_BITS}
    i64.const 1  local.get $class  i64.extend_i32_u  i64.shl
    i64.const -1  i64.xor  i64.and
    i64.store offset=${CLASS_BITS}`,
};

const firstOfClass: FunctionText = {
  params: { class: 'i32' },
  results: ['i32'],
  locals: { bits: 'i64' },
  // Returns a block of this class or a larger one, so of at least the lowest capacity of this
  // class; 0 if there is none.
  body: `
    local.get $class  i32.const 64  i32.lt_u
    if
      i32.const 0  i64.load offset=${CLASS_BITS}
      i64.const -1  local.get $class  i64.extend_i32_u  i64.shl
      i64.and  local.tee $bits
      i64.eqz
      if  i32.const 64  local.set $class
      else  local.get $bits  i64.ctz  i32.wrap_i64  i32.const 2  i32.shl  i32.load  return
      end
    end
    i32.const 8  i64.load offset=${CLASS_BITS}
    i64.const -1  local.get $class  i64.extend_i32_u  i64.shl
    i64.and  local.tee $bits
    i64.eqz
    if  i32.const 0  return  end
    local.get $bits  i64.ctz  i32.wrap_i64  i32.const 64  i32.add  i32.const 2  i32.shl  i32.load`,
};

const findFree: FunctionText = {
  params: { size: 'i32' },
  results: ['i32'],
  locals: { class: 'i32', block: 'i32', looks: 'i32' },
  // Returns a free block of at least this capacity; 0 if none is found. Blocks in the class of the
  // request may be too small. It looks at 16 of them, plus one for each 256 bytes of the request,
  // so a list of a million blocks costs no more than a short one.
  body: `
    local.get $size  call $size_class  local.tee $class
    i32.const 2  i32.shl  i32.load  local.set $block
    local.get $size  i32.const ${LOOK_SHIFT}  i32.shr_u  i32.const ${LOOKS}  i32.add  local.set $looks
    block $none
      loop $next
        local.get $block  i32.eqz  br_if $none
        local.get $block  i32.load  local.get $size  i32.ge_u
        if  local.get $block  return  end
        local.get $block  i32.load offset=4  local.set $block
        local.get $looks  i32.const 1  i32.sub  local.tee $looks  br_if $next
      end
    end
    local.get $class  i32.const 1  i32.add  call $first_of_class`,
};

const resize: FunctionText = {
  params: { block: 'i32', capacity: 'i32' },
  results: [],
  locals: { same: 'i32' },
  // Changes the capacity of a free block that is in a list.
  body: `
    local.get $block  i32.load  call $size_class
    local.get $capacity  call $size_class
    i32.eq  local.tee $same  i32.eqz
    if  local.get $block  call $unlink  end
    local.get $block  local.get $capacity  i32.store
    local.get $same  i32.eqz
    if  local.get $block  call $link  end`,
};

const takeFree: FunctionText = {
  params: { size: 'i32' },
  results: ['i32'],
  locals: { block: 'i32', end: 'i32', header: 'i32' },
  // Makes a free block live. Returns 0 if there is none. If the block is much larger, only its end
  // becomes a live block. The new header may not be in the last 16 bytes of a range.
  body: `
    local.get $size  call $find_free  local.tee $block  i32.eqz
    if  i32.const 0  return  end
    local.get $block  i32.load  local.get $size  i32.sub
    i32.const ${SPLIT_BYTES}  i32.lt_u
    if
      local.get $block  call $unlink
      local.get $block  local.get $block  i32.load  i32.const 1  i32.or  i32.store
      local.get $block  return
    end
    local.get $block  local.get $block  i32.load  i32.add  i32.const 16  i32.add  local.tee $end
    local.get $size  i32.sub  i32.const 16  i32.sub  local.tee $header
    i32.const ${RANGE_BYTES - 1}  i32.and  i32.const ${RANGE_BYTES - HEADER_BYTES}  i32.ge_u
    if  local.get $header  i32.const 16  i32.sub  local.set $header  end
    local.get $block
    local.get $header  local.get $block  i32.sub  i32.const 16  i32.sub
    call $resize
    local.get $header
    local.get $end  local.get $header  i32.sub  i32.const 16  i32.sub  i32.const 1  i32.or
    i32.store
    local.get $header  local.get $block  i32.store offset=12
    local.get $header  call $protect
    local.get $header  local.get $block  call $follow
    local.get $header`,
};

/** The functions of free blocks, which are in lists by size class. */
export const freeBlockFunctions = {
  size_class: sizeClass,
  link,
  unlink,
  first_of_class: firstOfClass,
  find_free: findFree,
  resize,
  take_free: takeFree,
} as const;
