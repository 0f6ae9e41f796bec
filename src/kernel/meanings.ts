import type { KernelFunctionName } from './functions.ts';

/**
 * What each kernel function does, in a few words. It is not with their table, since a program that
 * calls plugins does not need it.
 */
export const kernelFunctionMeanings: Readonly<Record<KernelFunctionName, string>> = {
  alloc: 'allocates a block of that many bytes; returns 0 if length is 0 or memory is exhausted',
  free: 'frees the block that starts at the handle; ignores any other handle',
  length: 'returns the length of the live block that starts at the handle, else 0',
  length_unsafe: 'does the same as length',
  load_u8: 'returns a byte of kernel memory; 0 if out of bounds',
  load_u64: 'returns eight bytes of kernel memory; 0 if out of bounds',
  store_u8: 'stores the low 8 bits; nothing if out of bounds',
  store_u64: 'stores eight bytes; nothing if out of bounds',
  input_length: "returns the input's length",
  input_offset: "returns the input's handle",
  input_load_u8: 'returns a byte of the input; 0 past its end',
  input_load_u64: 'returns eight bytes of the input; 0 if they pass its end',
  input_set: 'declares the input; ignores a range out of bounds',
  output_set: 'declares the output; ignores a range out of bounds',
  output_length: "returns the output's length",
  output_offset: "returns the output's offset",
  error_set: 'sets the error message; 0 clears it; ignores a handle out of bounds',
  error_get: "returns the error message's handle, or 0",
  reset: 'drops all blocks, zeroes the used memory, clears input, output and error',
  memory_bytes: 'returns the size of kernel memory in bytes',
  config_get: 'returns a block with the value of a configuration key, or 0; frees the key',
  var_get: 'returns a copy of a variable, or 0; frees the key',
  var_set: 'copies a block into a variable, or removes the variable if value is 0; frees both',
  http_request: 'ends the call: plugins may not reach any host',
  http_status_code: 'returns 0: there is never a response',
  http_headers: 'returns 0: there is never a response',
  log_trace: 'logs the message block at this level and frees it',
  log_debug: 'logs the message block at this level and frees it',
  log_info: 'logs the message block at this level and frees it',
  log_warn: 'logs the message block at this level and frees it',
  log_error: 'logs the message block at this level and frees it',
  get_log_level: 'returns trace 0, debug 1, info 2, warn 3, error 4, off 2147483647',
};
