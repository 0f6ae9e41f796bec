;; Interprets its input as a list of words, separated by spaces. Words work on a stack of i64.
;;
;;   12, -3        a number modulo 2^64
;;   'text         the handle of a new block with the text that follows the quote, without spaces
;;   $ff00         the handle of a new block with these bytes
;;   alloc, ...    a function of the kernel: takes its parameters, the last one on top, and leaves
;;                 its result, an i32 extended without sign
;;   put           writes the number on top into the output, in decimal digits without sign
;;   show          writes the bytes of the block whose handle is on top into the output
;;   dup, over, swap, drop, add, sub
;;   eq            takes two numbers, leaves 1 if they are equal, else 0
;;   keep, kept    sets and gets a global of this module, which is 0 at first
;;   times         takes n, and runs the rest of the words n times in all
;;   grow          takes pages, grows the memory of this module, leaves the result of memory.grow
;;   grow_table    takes entries, grows the table of this module, leaves the result of table.grow
;;   exit          takes a result code, and returns it
;;   trap, spin, dive    executes unreachable; loops without end; calls itself without end
;;
;; Without `exit` the result code is 0. If something was put or shown, all of it is the output,
;; items separated by spaces.
(module
  (type $word (func))
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "free" (func $free (param i64)))
  (import "extism:host/env" "length" (func $length (param i64) (result i64)))
  (import "extism:host/env" "length_unsafe" (func $length_unsafe (param i64) (result i64)))
  (import "extism:host/env" "load_u8" (func $load_u8 (param i64) (result i32)))
  (import "extism:host/env" "load_u64" (func $load_u64 (param i64) (result i64)))
  (import "extism:host/env" "store_u8" (func $store_u8 (param i64 i32)))
  (import "extism:host/env" "store_u64" (func $store_u64 (param i64 i64)))
  (import "extism:host/env" "memory_bytes" (func $memory_bytes (result i64)))
  (import "extism:host/env" "reset" (func $reset))
  (import "extism:host/env" "input_offset" (func $input_offset (result i64)))
  (import "extism:host/env" "input_length" (func $input_length (result i64)))
  (import "extism:host/env" "input_load_u8" (func $input_load_u8 (param i64) (result i32)))
  (import "extism:host/env" "input_load_u64" (func $input_load_u64 (param i64) (result i64)))
  (import "extism:host/env" "input_set" (func $input_set (param i64 i64)))
  (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
  (import "extism:host/env" "output_offset" (func $output_offset (result i64)))
  (import "extism:host/env" "output_length" (func $output_length (result i64)))
  (import "extism:host/env" "error_set" (func $error_set (param i64)))
  (import "extism:host/env" "error_get" (func $error_get (result i64)))
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
  (import "extism:host/env" "get_log_level" (func $get_log_level (result i32)))

  ;; 0: the input, at most 16 KiB. 16384: the output, at most 28 KiB. 45056: the stack.
  ;; 49152: the names.
  (memory 1)
  (global $at (mut i32) (i32.const 0))
  (global $end (mut i32) (i32.const 0))
  (global $out (mut i32) (i32.const 16384))
  (global $top (mut i32) (i32.const 45056))
  (global $code (mut i32) (i32.const 0))
  (global $kept (mut i64) (i64.const 0))
  (global $again (mut i64) (i64.const 0))
  (global $from (mut i32) (i32.const 0))

  ;; The names of the words, each followed by a space, in the order of the table below.
  (data (i32.const 49152)
    "alloc free length length_unsafe load_u8 load_u64 store_u8 store_u64 memory_bytes reset "
    "input_offset input_length input_load_u8 input_load_u64 input_set "
    "output_set output_offset output_length error_set error_get "
    "config_get var_get var_set http_request http_status_code http_headers "
    "log_trace log_debug log_info log_warn log_error get_log_level "
    "put show dup over swap drop add sub eq keep kept times grow grow_table exit trap spin dive ")
  (table $words 50 funcref)
  (table $grown 0 funcref)
  (elem (table $words) (i32.const 0) func
    $w_alloc $w_free $w_length $w_length_unsafe $w_load_u8 $w_load_u64 $w_store_u8 $w_store_u64
    $w_memory_bytes $w_reset
    $w_input_offset $w_input_length $w_input_load_u8 $w_input_load_u64 $w_input_set
    $w_output_set $w_output_offset $w_output_length $w_error_set $w_error_get
    $w_config_get $w_var_get $w_var_set $w_http_request $w_http_status_code $w_http_headers
    $w_log_trace $w_log_debug $w_log_info $w_log_warn $w_log_error $w_get_log_level
    $put $show $dup $over $swap $drop $add $sub $eq $keep $kept_word $times $grow $grow_table $exit
    $trap $spin $dive)

  (func $push (param $value i64)
    (i64.store (global.get $top) (local.get $value))
    (global.set $top (i32.add (global.get $top) (i32.const 8))))
  (func $pop (result i64)
    (global.set $top (i32.sub (global.get $top) (i32.const 8)))
    (i64.load (global.get $top)))
  (func $pop_i32 (result i32) (i32.wrap_i64 (call $pop)))
  (func $push_i32 (param $value i32) (call $push (i64.extend_i32_u (local.get $value))))

  (func $w_alloc (call $push (call $alloc (call $pop))))
  (func $w_free (call $free (call $pop)))
  (func $w_length (call $push (call $length (call $pop))))
  (func $w_length_unsafe (call $push (call $length_unsafe (call $pop))))
  (func $w_load_u8 (call $push_i32 (call $load_u8 (call $pop))))
  (func $w_load_u64 (call $push (call $load_u64 (call $pop))))
  (func $w_store_u8 (local $byte i32)
    (local.set $byte (call $pop_i32)) (call $store_u8 (call $pop) (local.get $byte)))
  (func $w_store_u64 (call $swap) (call $store_u64 (call $pop) (call $pop)))
  (func $w_memory_bytes (call $push (call $memory_bytes)))
  (func $w_reset (call $reset))
  (func $w_input_offset (call $push (call $input_offset)))
  (func $w_input_length (call $push (call $input_length)))
  (func $w_input_load_u8 (call $push_i32 (call $input_load_u8 (call $pop))))
  (func $w_input_load_u64 (call $push (call $input_load_u64 (call $pop))))
  (func $w_input_set (call $swap) (call $input_set (call $pop) (call $pop)))
  (func $w_output_set (call $swap) (call $output_set (call $pop) (call $pop)))
  (func $w_output_offset (call $push (call $output_offset)))
  (func $w_output_length (call $push (call $output_length)))
  (func $w_error_set (call $error_set (call $pop)))
  (func $w_error_get (call $push (call $error_get)))
  (func $w_config_get (call $push (call $config_get (call $pop))))
  (func $w_var_get (call $push (call $var_get (call $pop))))
  (func $w_var_set (call $swap) (call $var_set (call $pop) (call $pop)))
  (func $w_http_request (call $swap) (call $push (call $http_request (call $pop) (call $pop))))
  (func $w_http_status_code (call $push_i32 (call $http_status_code)))
  (func $w_http_headers (call $push (call $http_headers)))
  (func $w_log_trace (call $log_trace (call $pop)))
  (func $w_log_debug (call $log_debug (call $pop)))
  (func $w_log_info (call $log_info (call $pop)))
  (func $w_log_warn (call $log_warn (call $pop)))
  (func $w_log_error (call $log_error (call $pop)))
  (func $w_get_log_level (call $push_i32 (call $get_log_level)))

  (func $dup (call $push (i64.load (i32.sub (global.get $top) (i32.const 8)))))
  (func $over (call $push (i64.load (i32.sub (global.get $top) (i32.const 16)))))
  (func $swap (local $a i64) (local $b i64)
    (local.set $a (call $pop)) (local.set $b (call $pop))
    (call $push (local.get $a)) (call $push (local.get $b)))
  (func $drop (drop (call $pop)))
  (func $add (call $push (i64.add (call $pop) (call $pop))))
  (func $sub (call $swap) (call $push (i64.sub (call $pop) (call $pop))))
  (func $eq (call $push_i32 (i64.eq (call $pop) (call $pop))))
  (func $keep (global.set $kept (call $pop)))
  (func $kept_word (call $push (global.get $kept)))
  (func $times
    (global.set $again (call $pop))
    (global.set $from (global.get $at)))
  (func $grow (call $push_i32 (memory.grow (call $pop_i32))))
  (func $grow_table (call $push_i32 (table.grow $grown (ref.null func) (call $pop_i32))))
  (func $exit
    (global.set $code (call $pop_i32))
    (global.set $again (i64.const 0))
    (global.set $at (global.get $end)))
  (func $trap unreachable)
  (func $spin (loop $over (br $over)))
  (func $dive (call $dive) (call $dive))

  (func $write (param $byte i32)
    (i32.store8 (global.get $out) (local.get $byte))
    (global.set $out (i32.add (global.get $out) (i32.const 1))))
  (func $write_separator
    (if (i32.ne (global.get $out) (i32.const 16384)) (then (call $write (i32.const 32)))))
  (func $write_digits (param $number i64)
    (if (i64.ge_u (local.get $number) (i64.const 10))
      (then (call $write_digits (i64.div_u (local.get $number) (i64.const 10)))))
    (call $write (i32.add (i32.const 48) (i32.wrap_i64 (i64.rem_u (local.get $number) (i64.const 10))))))
  (func $put (call $write_separator) (call $write_digits (call $pop)))
  (func $show (local $handle i64) (local $index i64)
    (call $write_separator)
    (local.set $handle (call $pop))
    (block $done
      (loop $next
        (br_if $done (i64.ge_u (local.get $index) (call $length (local.get $handle))))
        (call $write (call $load_u8 (i64.add (local.get $handle) (local.get $index))))
        (local.set $index (i64.add (local.get $index) (i64.const 1)))
        (br $next))))

  ;; Makes a block of bytes of this module's memory. No bytes: handle 0.
  (func $block (param $at i32) (param $length i32) (result i64) (local $handle i64) (local $index i32)
    (local.set $handle (call $alloc (i64.extend_i32_u (local.get $length))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $index) (local.get $length)))
        (call $store_u8
          (i64.add (local.get $handle) (i64.extend_i32_u (local.get $index)))
          (i32.load8_u (i32.add (local.get $at) (local.get $index))))
        (local.set $index (i32.add (local.get $index) (i32.const 1)))
        (br $next)))
    (local.get $handle))

  (func $digit (param $char i32) (result i32)
    (select
      (i32.sub (local.get $char) (i32.const 87))
      (i32.sub (local.get $char) (i32.const 48))
      (i32.ge_u (local.get $char) (i32.const 97))))
  ;; The bytes of hexadecimal digits, which they overwrite.
  (func $hex (param $at i32) (param $end i32) (result i64) (local $from i32) (local $to i32)
    (local.set $from (local.get $at))
    (local.set $to (local.get $at))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $from) (local.get $end)))
        (i32.store8 (local.get $to)
          (i32.add
            (i32.mul (i32.const 16) (call $digit (i32.load8_u (local.get $from))))
            (call $digit (i32.load8_u offset=1 (local.get $from)))))
        (local.set $to (i32.add (local.get $to) (i32.const 1)))
        (local.set $from (i32.add (local.get $from) (i32.const 2)))
        (br $next)))
    (call $block (local.get $at) (i32.sub (local.get $to) (local.get $at))))
  (func $number (param $at i32) (param $end i32) (result i64) (local $value i64) (local $negative i32)
    (local.set $negative (i32.eq (i32.load8_u (local.get $at)) (i32.const 45)))
    (local.set $at (i32.add (local.get $at) (local.get $negative)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $value
          (i64.add
            (i64.mul (local.get $value) (i64.const 10))
            (i64.extend_i32_u (call $digit (i32.load8_u (local.get $at))))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $next)))
    (select (i64.sub (i64.const 0) (local.get $value)) (local.get $value) (local.get $negative)))

  ;; The number of the word that ends at $end, or -1. Both that word and a name end with a space.
  (func $find (param $at i32) (param $end i32) (result i32)
    (local $name i32) (local $index i32) (local $word i32)
    (local.set $name (i32.const 49152))
    (loop $names
      (if (i32.eqz (i32.load8_u (local.get $name))) (then (return (i32.const -1))))
      (local.set $word (local.get $at))
      (block $other
        (loop $chars
          (br_if $other
            (i32.ne (i32.load8_u (local.get $name))
              (select (i32.load8_u (local.get $word)) (i32.const 32)
                (i32.lt_u (local.get $word) (local.get $end)))))
          (if (i32.eq (i32.load8_u (local.get $name)) (i32.const 32)) (then (return (local.get $index))))
          (local.set $name (i32.add (local.get $name) (i32.const 1)))
          (local.set $word (i32.add (local.get $word) (i32.const 1)))
          (br $chars)))
      (block $skipped
        (loop $skip
          (br_if $skipped (i32.eq (i32.load8_u (local.get $name)) (i32.const 32)))
          (local.set $name (i32.add (local.get $name) (i32.const 1)))
          (br $skip)))
      (local.set $name (i32.add (local.get $name) (i32.const 1)))
      (local.set $index (i32.add (local.get $index) (i32.const 1)))
      (br $names))
    (unreachable))

  ;; Does what a word says. A word that is none of the above traps.
  (func $do (param $at i32) (param $end i32) (local $first i32) (local $found i32)
    (local.set $first (i32.load8_u (local.get $at)))
    (if (i32.eq (local.get $first) (i32.const 39))
      (then
        (call $push
          (call $block
            (i32.add (local.get $at) (i32.const 1))
            (i32.sub (i32.sub (local.get $end) (local.get $at)) (i32.const 1))))
        (return)))
    (if (i32.eq (local.get $first) (i32.const 36))
      (then (call $push (call $hex (i32.add (local.get $at) (i32.const 1)) (local.get $end))) (return)))
    (if (i32.lt_u (local.get $first) (i32.const 58))
      (then (call $push (call $number (local.get $at) (local.get $end))) (return)))
    (local.set $found (call $find (local.get $at) (local.get $end)))
    (call_indirect $words (type $word) (local.get $found)))

  ;; Moves $at to the first place from there on that is a space (or none), or the end.
  (func $skip (param $at i32) (param $spaces i32) (result i32)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (global.get $end)))
        (br_if $done
          (i32.ne (i32.eq (i32.load8_u (local.get $at)) (i32.const 32)) (local.get $spaces)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $next)))
    (local.get $at))

  (func (export "run") (result i32) (local $word i32) (local $length i64)
    (global.set $at (i32.const 0))
    (global.set $end (i32.wrap_i64 (call $input_length)))
    (global.set $out (i32.const 16384))
    (global.set $top (i32.const 45056))
    (global.set $code (i32.const 0))
    (global.set $again (i64.const 0))
    (block $copied
      (loop $copy
        (br_if $copied (i32.eq (global.get $at) (global.get $end)))
        (i32.store8 (global.get $at) (call $input_load_u8 (i64.extend_i32_u (global.get $at))))
        (global.set $at (i32.add (global.get $at) (i32.const 1)))
        (br $copy)))
    (global.set $at (i32.const 0))
    (block $done
      (loop $next
        (local.set $word (call $skip (global.get $at) (i32.const 1)))
        (if (i32.eq (local.get $word) (global.get $end))
          (then
            (br_if $done (i64.le_u (global.get $again) (i64.const 1)))
            (global.set $again (i64.sub (global.get $again) (i64.const 1)))
            (global.set $at (global.get $from))
            (br $next)))
        (global.set $at (call $skip (local.get $word) (i32.const 0)))
        (call $do (local.get $word) (global.get $at))
        (br $next)))
    (if (i32.ne (global.get $out) (i32.const 16384))
      (then
        (local.set $length (i64.extend_i32_u (i32.sub (global.get $out) (i32.const 16384))))
        (call $output_set
          (call $block (i32.const 16384) (i32.wrap_i64 (local.get $length)))
          (local.get $length))))
    (global.get $code))

  ;; Returns the input as the output.
  (func (export "echo") (call $output_set (call $input_offset) (call $input_length))))
