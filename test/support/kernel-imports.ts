/**
 * Every function of `extism:host/env` as WAT imports, each under its own name with a `$`:
 * abi/KERNEL.md, "Functions of `extism:host/env`", typed again by hand, so that the kernel's table
 * and its emitted module are held against something else than themselves.
 */
export const kernelImports: string = `
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "free" (func $free (param i64)))
  (import "extism:host/env" "length" (func $length (param i64) (result i64)))
  (import "extism:host/env" "length_unsafe" (func $length_unsafe (param i64) (result i64)))
  (import "extism:host/env" "load_u8" (func $load_u8 (param i64) (result i32)))
  (import "extism:host/env" "load_u64" (func $load_u64 (param i64) (result i64)))
  (import "extism:host/env" "store_u8" (func $store_u8 (param i64 i32)))
  (import "extism:host/env" "store_u64" (func $store_u64 (param i64 i64)))
  (import "extism:host/env" "input_length" (func $input_length (result i64)))
  (import "extism:host/env" "input_offset" (func $input_offset (result i64)))
  (import "extism:host/env" "input_load_u8" (func $input_load_u8 (param i64) (result i32)))
  (import "extism:host/env" "input_load_u64" (func $input_load_u64 (param i64) (result i64)))
  (import "extism:host/env" "input_set" (func $input_set (param i64 i64)))
  (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
  (import "extism:host/env" "output_length" (func $output_length (result i64)))
  (import "extism:host/env" "output_offset" (func $output_offset (result i64)))
  (import "extism:host/env" "error_set" (func $error_set (param i64)))
  (import "extism:host/env" "error_get" (func $error_get (result i64)))
  (import "extism:host/env" "reset" (func $reset))
  (import "extism:host/env" "memory_bytes" (func $memory_bytes (result i64)))
  (import "extism:host/env" "config_get" (func $config_get (param i64) (result i64)))
  (import "extism:host/env" "var_get" (func $var_get (param i64) (result i64)))
  (import "extism:host/env" "var_set" (func $var_set (param i64 i64)))
  (import "extism:host/env" "http_request" (func $http_request (param i64 i64) (result i64)))
  (import "extism:host/env" "http_status_code" (func $http_status_code (result i32)))
  (import "extism:host/env" "http_headers" (func $http_headers (result i64)))
  (import "extism:host/env" "log_trace" (func $log_trace (param i64)))
  (import "extism:host/env" "log_debug" (func $log_debug (param i64)))
  (import "extism:host/env" "log_info" (func $log_info (param i64)))
  (import "extism:host/env" "log_warn" (func $log_warn (param i64)))
  (import "extism:host/env" "log_error" (func $log_error (param i64)))
  (import "extism:host/env" "get_log_level" (func $get_log_level (result i32)))`;

/**
 * A function `$block`, which copies bytes of the module's own memory into a block and gives its
 * handle. Needs {@link kernelImports} and a memory: `(data (i32.const 16) "broken")`, then `(call
 * $block (i32.const 16) (i32.const 6))`.
 */
export const blockFunction: string = `
  (func $block (param $at i32) (param $length i32) (result i64)
    (local $handle i64) (local $index i32)
    (local.set $handle (call $alloc (i64.extend_i32_u (local.get $length))))
    (loop $next
      (if (i32.lt_u (local.get $index) (local.get $length))
        (then
          (call $store_u8
            (i64.add (local.get $handle) (i64.extend_i32_u (local.get $index)))
            (i32.load8_u (i32.add (local.get $at) (local.get $index))))
          (local.set $index (i32.add (local.get $index) (i32.const 1)))
          (br $next))))
    (local.get $handle))`;

/**
 * Functions `$answer` and `$fail`, which end a call with bytes of the module's own memory as its
 * output or its error. Need a `$block`.
 */
export const answerFunctions: string = `
  (func $answer (param $from i32) (param $length i32) (result i32)
    (call $output_set (call $block (local.get $from) (local.get $length)) (i64.extend_i32_u (local.get $length)))
    (i32.const 0))

  (func $fail (param $from i32) (param $length i32) (result i32)
    (call $error_set (call $block (local.get $from) (local.get $length)))
    (i32.const 1))`;
