;; Interprets its input as `words` does, with the functions of cc-lb's host. It has these words:
;;
;;   12, -3, 'text, $ff00, put, show, dup, over, swap, drop, eq, keep, kept, exit    as in `words`
;;   length, free, alloc      functions of the kernel, as in `words`
;;   number                   takes the handle of a block of 8 bytes, leaves the number in it
;;   cc_lb_log, ...           a function of the host: takes its handles, leaves its result
(module
  (type $word (func))
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "free" (func $free (param i64)))
  (import "extism:host/env" "length" (func $length (param i64) (result i64)))
  (import "extism:host/env" "load_u8" (func $load_u8 (param i64) (result i32)))
  (import "extism:host/env" "load_u64" (func $load_u64 (param i64) (result i64)))
  (import "extism:host/env" "store_u8" (func $store_u8 (param i64 i32)))
  (import "extism:host/env" "input_length" (func $input_length (result i64)))
  (import "extism:host/env" "input_load_u8" (func $input_load_u8 (param i64) (result i32)))
  (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
  (import "extism:host/user" "cc_lb_log" (func $cc_lb_log (param i64 i64)))
  (import "extism:host/user" "cc_lb_metric_incr" (func $cc_lb_metric_incr (param i64 i64)))
  (import "extism:host/user" "cc_lb_storage_get" (func $cc_lb_storage_get (param i64) (result i64)))
  (import "extism:host/user" "cc_lb_storage_put" (func $cc_lb_storage_put (param i64 i64)))
  (import "extism:host/user" "cc_lb_now_unix_ms" (func $cc_lb_now_unix_ms (result i64)))
  (import "extism:host/user" "cc_lb_random_bytes" (func $cc_lb_random_bytes (param i64) (result i64)))

  ;; The memory is as in `words`.
  (memory 1)
  (global $at (mut i32) (i32.const 0))
  (global $end (mut i32) (i32.const 0))
  (global $out (mut i32) (i32.const 16384))
  (global $top (mut i32) (i32.const 45056))
  (global $code (mut i32) (i32.const 0))
  (global $kept (mut i64) (i64.const 0))
  (data (i32.const 49152)
    "put show dup over swap drop eq keep kept exit length free alloc number "
    "cc_lb_log cc_lb_metric_incr cc_lb_storage_get cc_lb_storage_put cc_lb_now_unix_ms "
    "cc_lb_random_bytes ")
  (table $words 20 funcref)
  (elem (table $words) (i32.const 0) func
    $put $show $dup $over $swap $drop $eq $keep $kept_word $exit $w_length $w_free $w_alloc $number_word
    $w_log $w_metric_incr $w_storage_get $w_storage_put $w_now_unix_ms $w_random_bytes)

  (func $push (param $value i64)
    (i64.store (global.get $top) (local.get $value))
    (global.set $top (i32.add (global.get $top) (i32.const 8))))
  (func $pop (result i64)
    (global.set $top (i32.sub (global.get $top) (i32.const 8)))
    (i64.load (global.get $top)))

  (func $w_length (call $push (call $length (call $pop))))
  (func $w_free (call $free (call $pop)))
  (func $w_alloc (call $push (call $alloc (call $pop))))
  (func $number_word (call $push (call $load_u64 (call $pop))))
  (func $w_log (call $swap) (call $cc_lb_log (call $pop) (call $pop)))
  (func $w_metric_incr (call $swap) (call $cc_lb_metric_incr (call $pop) (call $pop)))
  (func $w_storage_get (call $push (call $cc_lb_storage_get (call $pop))))
  (func $w_storage_put (call $swap) (call $cc_lb_storage_put (call $pop) (call $pop)))
  (func $w_now_unix_ms (call $push (call $cc_lb_now_unix_ms)))
  (func $w_random_bytes (call $push (call $cc_lb_random_bytes (call $pop))))

  (func $dup (call $push (i64.load (i32.sub (global.get $top) (i32.const 8)))))
  (func $over (call $push (i64.load (i32.sub (global.get $top) (i32.const 16)))))
  (func $swap (local $a i64) (local $b i64)
    (local.set $a (call $pop)) (local.set $b (call $pop))
    (call $push (local.get $a)) (call $push (local.get $b)))
  (func $drop (drop (call $pop)))
  (func $eq (call $push (i64.extend_i32_u (i64.eq (call $pop) (call $pop)))))
  (func $keep (global.set $kept (call $pop)))
  (func $kept_word (call $push (global.get $kept)))
  (func $exit
    (global.set $code (i32.wrap_i64 (call $pop)))
    (global.set $at (global.get $end)))

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
        (br_if $done (i32.eq (local.get $word) (global.get $end)))
        (global.set $at (call $skip (local.get $word) (i32.const 0)))
        (call $do (local.get $word) (global.get $at))
        (br $next)))
    (if (i32.ne (global.get $out) (i32.const 16384))
      (then
        (local.set $length (i64.extend_i32_u (i32.sub (global.get $out) (i32.const 16384))))
        (call $output_set
          (call $block (i32.const 16384) (i32.wrap_i64 (local.get $length)))
          (local.get $length))))
    (global.get $code)))
