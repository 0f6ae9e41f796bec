import type { FunctionText } from './abi.ts';

/** Makes a function without parameters. */
const getter = /* @__NO_SIDE_EFFECTS__ */ (result: 'i32' | 'i64', body: string): FunctionText => ({
  params: {},
  results: [result],
  locals: {},
  body,
});

const inputLoadU8: FunctionText = {
  params: { index: 'i64' },
  results: ['i32'],
  locals: {},
  // The input is in kernel memory, which never shrinks. So an index in the input needs no second
  // check.
  body: `
    local.get $index  global.get $input_length  i64.lt_u
    if (result i32)  global.get $input_offset  local.get $index  i64.add  i32.wrap_i64  i32.load8_u
    else             i32.const 0
    end`,
};

const inputLoadU64: FunctionText = {
  params: { index: 'i64' },
  results: ['i64'],
  locals: {},
  // The first comparison ensures that the sum in the second does not wrap.
  body: `
    local.get $index  global.get $input_length  i64.lt_u
    local.get $index  i64.const 8  i64.add  global.get $input_length  i64.le_u
    i32.and
    if (result i64)  global.get $input_offset  local.get $index  i64.add  i32.wrap_i64  i64.load
    else             i64.const 0
    end`,
};

/** Makes a function that sets the offset and the length of the input or the output. */
const setRange = /* @__NO_SIDE_EFFECTS__ */ (range: 'input' | 'output'): FunctionText => ({
  params: { offset: 'i64', length: 'i64' },
  results: [],
  locals: {},
  body: `
    local.get $offset  local.get $length  call $in_bounds
    if
      local.get $offset  global.set $${range}_offset
      local.get $length  global.set $${range}_length
    end`,
});

const errorSet: FunctionText = {
  params: { handle: 'i64' },
  results: [],
  locals: {},
  body: `
    local.get $handle  i64.eqz
    local.get $handle  i64.const 0  call $in_bounds
    i32.or
    if  local.get $handle  global.set $error  end`,
};

const begin: FunctionText = {
  params: { length: 'i32' },
  results: ['i32'],
  locals: { handle: 'i64' },
  // The host calls this before each call: it clears the failure, resets, and allocates a block for
  // the input. Returns 0 if the input is empty, or there is no memory for it.
  body: `
    i32.const 0  global.set $failed
    i32.const 0  global.set $crossing
    call $reset_blocks
    local.get $length  i64.extend_i32_u  call $allocate  local.tee $handle
    local.get $length  i64.extend_i32_u  call $input_set
    local.get $handle  i32.wrap_i64`,
};

/**
 * The functions of input, output and error, and those that return constants. `begin` is not part of
 * the ABI.
 */
export const inputOutputFunctions = {
  input_length: getter('i64', 'global.get $input_length'),
  input_offset: getter('i64', 'global.get $input_offset'),
  input_load_u8: inputLoadU8,
  input_load_u64: inputLoadU64,
  input_set: setRange('input'),
  output_set: setRange('output'),
  output_length: getter('i64', 'global.get $output_length'),
  output_offset: getter('i64', 'global.get $output_offset'),
  error_set: errorSet,
  error_get: getter('i64', 'global.get $error'),
  http_status_code: getter('i32', 'i32.const 0'),
  http_headers: getter('i64', 'i64.const 0'),
  get_log_level: getter('i32', 'global.get $log_level'),
  begin,
} as const;
