import type { FunctionText } from './abi.ts';
import { FIRST_MAP, MAP_DIRECTORY, PAGE_BYTES, RANGE_BYTES } from './layout.ts';

/**
 * Added to find an entry of the map directory. If an offset has n bits below its highest three, the
 * entry of its range is the u32 at `16 * n + 4 * (offset >> n) + DIRECTORY_BIAS`. For the range
 * after the first page n is 14, and `offset >> n` is 4.
 */
const DIRECTORY_BIAS = MAP_DIRECTORY - 16 * 14 - 4 * 4;

const mapOf: FunctionText = {
  params: { offset: 'i32' },
  results: ['i32'],
  locals: { bits: 'i32' },
  // Returns the address of the map of the range, less the start of the range divided by 64: add the
  // offset divided by 64 to find its byte. Returns 0 if the range has no map yet.
  body: `
    local.get $offset  i32.const ${PAGE_BYTES}  i32.lt_u
    if  i32.const ${FIRST_MAP}  return  end
    i32.const 29  local.get $offset  i32.clz  i32.sub  local.tee $bits
    i32.const 4  i32.shl
    local.get $offset  local.get $bits  i32.shr_u  i32.const 2  i32.shl
    i32.add
    i32.load offset=${DIRECTORY_BIAS}`,
};

const isProtected: FunctionText = {
  params: { offset: 'i32' },
  results: ['i32'],
  locals: { map: 'i32' },
  body: `
    local.get $offset  call $map_of  local.tee $map  i32.eqz
    if  i32.const 0  return  end
    local.get $map  local.get $offset  i32.const 6  i32.shr_u  i32.add  i32.load8_u
    local.get $offset  i32.const 3  i32.shr_u  i32.const 7  i32.and
    i32.shr_u
    i32.const 1  i32.and`,
};

/**
 * Makes a function that changes the two bits of a header in the map.
 *
 * @param change instructions that combine two bytes of the map with the two bits.
 */
const headerBits = /* @__NO_SIDE_EFFECTS__ */ (change: string): FunctionText => ({
  params: { header: 'i32' },
  results: [],
  locals: { bytes: 'i32' },
  body: `
    local.get $header  call $map_of  local.get $header  i32.const 6  i32.shr_u  i32.add  local.tee $bytes
    local.get $bytes  i32.load16_u
    i32.const 3  local.get $header  i32.const 3  i32.shr_u  i32.const 7  i32.and  i32.shl
    ${change}
    i32.store16`,
});

const startsData: FunctionText = {
  params: { offset: 'i32' },
  results: ['i32'],
  locals: { before: 'i32' },
  // Whether the data of a block starts at the offset: it is aligned and not protected, but the 8
  // bytes before it are. No header is in the last 16 bytes of a range, so the two bits are in one
  // map, and no data starts where a range starts.
  body: `
    local.get $offset  i32.const 7  i32.and
    local.get $offset  i32.const ${RANGE_BYTES - 1}  i32.and  i32.eqz
    i32.or
    if  i32.const 0  return  end
    local.get $offset  i32.const 8  i32.sub  local.tee $before
    call $map_of  local.get $before  i32.const 6  i32.shr_u  i32.add  i32.load16_u
    local.get $before  i32.const 3  i32.shr_u  i32.const 7  i32.and
    i32.shr_u
    i32.const 3  i32.and  i32.const 1  i32.eq`,
};

const neededEnd: FunctionText = {
  params: { size: 'i64' },
  results: ['i64'],
  locals: { end: 'i64', range: 'i64', bytes: 'i64' },
  // Returns where a new block of this size would end, after the maps that it would need.
  body: `
    global.get $top  local.set $end
    global.get $mapped  local.set $range
    block $enough
      loop $next
        local.get $end  local.get $size  i64.add  i64.const 16  i64.add  local.get $range  i64.le_u  br_if $enough
        local.get $range  i64.const 0xffffffff  i64.gt_u  br_if $enough
        i64.const 1  i64.const 61  local.get $range  i64.clz  i64.sub  i64.shl  local.set $bytes
        local.get $end  i64.const 79  i64.add  i64.const -64  i64.and
        local.get $bytes  i64.const 6  i64.shr_u  i64.add  local.set $end
        local.get $range  local.get $bytes  i64.add  local.set $range
        br $next
      end
    end
    local.get $end  local.get $size  i64.add  i64.const 16  i64.add`,
};

const addMap: FunctionText = {
  params: {},
  results: [],
  locals: { range: 'i32', bits: 'i32', map: 'i32', bytes: 'i32', header: 'i32', end: 'i32' },
  // Adds the map of the next range, at the top. The memory is large enough. The map starts at a
  // multiple of 64, so that whole bytes of a map protect it.
  body: `
    global.get $mapped  i32.wrap_i64  local.tee $range
    i32.const 29  local.get $range  i32.clz  i32.sub  local.tee $bits
    i32.shr_u  i32.const 2  i32.shl  local.get $bits  i32.const 4  i32.shl  i32.add
    global.get $top  i32.wrap_i64  local.tee $header
    i32.const 79  i32.add  i32.const -64  i32.and  local.tee $map
    local.get $range  i32.const 6  i32.shr_u  i32.sub
    i32.store offset=${DIRECTORY_BIAS}
    i32.const 1  local.get $bits  i32.const 6  i32.sub  i32.shl  local.set $bytes
    global.get $mapped  i64.const 1  local.get $bits  i64.extend_i32_u  i64.shl  i64.add  global.set $mapped
    local.get $map  i32.const 0  local.get $bytes  memory.fill
    local.get $map  local.get $bytes  i32.add  local.set $end
    local.get $header
    local.get $end  local.get $header  i32.sub  i32.const 16  i32.sub
    call $add_header
    local.get $header  i32.const 0  i32.store offset=4
    loop $next
      local.get $map  call $map_of  local.get $map  i32.const 6  i32.shr_u  i32.add
      i32.const 0xff  i32.store8
      local.get $map  i32.const 64  i32.add  local.tee $map
      local.get $end  i32.ne  br_if $next
    end
    local.get $end  i64.extend_i32_u  global.set $top`,
};

/** The functions of the map, which says where a plugin may not store. */
export const protectionFunctions = {
  map_of: mapOf,
  is_protected: isProtected,
  starts_data: startsData,
  protect: headerBits('i32.or'),
  unprotect: headerBits('i32.const -1  i32.xor  i32.and'),
  needed_end: neededEnd,
  add_map: addMap,
} as const;
