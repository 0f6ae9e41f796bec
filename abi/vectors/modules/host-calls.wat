;; Calls the host's functions.
;;   build_signer     stores the request under "k", logs and counts, answers the state null
;;   sign             stores the request under "k", logs, and executes `unreachable`
;;   on_unauthorized  answers the state that is stored under "k"
;;   normalize_error  answers with the time in decimal digits, as the body
;;   observe          asks for 16 random bytes
(module
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "length" (func $length (param i64) (result i64)))
  (import "extism:host/env" "load_u8" (func $load_u8 (param i64) (result i32)))
  (import "extism:host/env" "load_u64" (func $load_u64 (param i64) (result i64)))
  (import "extism:host/env" "store_u8" (func $store_u8 (param i64 i32)))
  (import "extism:host/env" "store_u64" (func $store_u64 (param i64 i64)))
  (import "extism:host/env" "input_offset" (func $input_offset (result i64)))
  (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
  (import "extism:host/user" "cc_lb_log" (func $log (param i64 i64)))
  (import "extism:host/user" "cc_lb_metric_incr" (func $count (param i64 i64)))
  (import "extism:host/user" "cc_lb_storage_get" (func $get (param i64) (result i64)))
  (import "extism:host/user" "cc_lb_storage_put" (func $put (param i64 i64)))
  (import "extism:host/user" "cc_lb_now_unix_ms" (func $now (result i64)))
  (import "extism:host/user" "cc_lb_random_bytes" (func $random (param i64) (result i64)))
  (memory 1)
  (data (i32.const 0) "{\"_v\":1,\"signer_state\":null}")
  (data (i32.const 64) "{\"_v\":1,\"decision\":\"fail\",\"signer_state\":")
  (data (i32.const 128) "{\"_v\":1,\"body_base64\":\"")
  (data (i32.const 192) "{\"_v\":1}")
  (data (i32.const 256) "warn")
  (data (i32.const 264) "stored")
  (data (i32.const 272) "requests")
  (data (i32.const 280) "k")

  ;; Copies bytes of the memory to an address of the kernel.
  (func $copy (param $at i32) (param $length i32) (param $to i64)
    (local $index i32)
    (loop $next
      (if (i32.lt_u (local.get $index) (local.get $length))
        (then
          (call $store_u8
            (i64.add (local.get $to) (i64.extend_i32_u (local.get $index)))
            (i32.load8_u (i32.add (local.get $at) (local.get $index))))
          (local.set $index (i32.add (local.get $index) (i32.const 1)))
          (br $next)))))

  (func $block (param $at i32) (param $length i32) (result i64)
    (local $handle i64)
    (local.set $handle (call $alloc (i64.extend_i32_u (local.get $length))))
    (call $copy (local.get $at) (local.get $length) (local.get $handle))
    (local.get $handle))

  (func $answer (param $at i32) (param $length i32) (result i32)
    (call $output_set (call $block (local.get $at) (local.get $length)) (i64.extend_i32_u (local.get $length)))
    (i32.const 0))

  (func $integer (param $value i64) (result i64)
    (local $handle i64)
    (local.set $handle (call $alloc (i64.const 8)))
    (call $store_u64 (local.get $handle) (local.get $value))
    (local.get $handle))

  (func $store
    (call $put (call $block (i32.const 280) (i32.const 1)) (call $input_offset))
    (call $log (call $block (i32.const 256) (i32.const 4)) (call $block (i32.const 264) (i32.const 6))))

  (func (export "build_signer") (result i32)
    (call $store)
    (call $count (call $block (i32.const 272) (i32.const 8)) (call $integer (i64.const 3)))
    (call $answer (i32.const 0) (i32.const 28)))

  (func (export "sign") (result i32)
    (call $store)
    (unreachable))

  (func (export "on_unauthorized") (result i32)
    (local $state i64) (local $length i64) (local $output i64) (local $index i64)
    (local.set $state (call $get (call $block (i32.const 280) (i32.const 1))))
    (local.set $length (call $length (local.get $state)))
    (local.set $output (call $alloc (i64.add (local.get $length) (i64.const 42))))
    (call $copy (i32.const 64) (i32.const 41) (local.get $output))
    (loop $next
      (if (i64.lt_u (local.get $index) (local.get $length))
        (then
          (call $store_u8
            (i64.add (i64.add (local.get $output) (i64.const 41)) (local.get $index))
            (call $load_u8 (i64.add (local.get $state) (local.get $index))))
          (local.set $index (i64.add (local.get $index) (i64.const 1)))
          (br $next))))
    (call $store_u8 (i64.add (i64.add (local.get $output) (i64.const 41)) (local.get $length)) (i32.const 0x7d))
    (call $output_set (local.get $output) (i64.add (local.get $length) (i64.const 42)))
    (i32.const 0))

  (func (export "normalize_error") (result i32)
    (local $rest i64) (local $at i32)
    ;; The digits from the last to the first, ending at 1023, and the end of the object.
    (local.set $rest (call $load_u64 (call $now)))
    (local.set $at (i32.const 1024))
    (loop $next
      (local.set $at (i32.sub (local.get $at) (i32.const 1)))
      (i32.store8 (local.get $at)
        (i32.add (i32.const 0x30) (i32.wrap_i64 (i64.rem_u (local.get $rest) (i64.const 10)))))
      (local.set $rest (i64.div_u (local.get $rest) (i64.const 10)))
      (br_if $next (i64.ne (local.get $rest) (i64.const 0))))
    (i32.store16 (i32.const 1024) (i32.const 0x7d22))
    (local.set $at (i32.sub (local.get $at) (i32.const 23)))
    (memory.copy (local.get $at) (i32.const 128) (i32.const 23))
    (call $answer (local.get $at) (i32.sub (i32.const 1026) (local.get $at))))

  (func (export "observe") (result i32)
    (if (i64.ne (call $length (call $random (call $integer (i64.const 16)))) (i64.const 16)) (then (unreachable)))
    (call $answer (i32.const 192) (i32.const 8))))
