;; Answers `build_signer` and `on_unauthorized` with a state that is the request as it came.
(module
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "store_u8" (func $store_u8 (param i64 i32)))
  (import "extism:host/env" "input_length" (func $input_length (result i64)))
  (import "extism:host/env" "input_load_u8" (func $input_load_u8 (param i64) (result i32)))
  (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
  (memory 1)
  (data (i32.const 0) "{\"_v\":1,\"signer_state\":")
  (data (i32.const 64) "{\"_v\":1,\"decision\":\"fail\",\"signer_state\":")

  ;; Answers with `$length` bytes at `$at`, the request, and a brace.
  (func $reflect (param $at i32) (param $length i32) (result i32)
    (local $block i64) (local $size i64) (local $index i64)
    (local.set $size (i64.add (i64.add (i64.extend_i32_u (local.get $length)) (call $input_length)) (i64.const 1)))
    (local.set $block (call $alloc (local.get $size)))
    (block $done
      (loop $next
        (br_if $done (i64.eq (local.get $index) (local.get $size)))
        (call $store_u8
          (i64.add (local.get $block) (local.get $index))
          (if (result i32) (i64.lt_u (local.get $index) (i64.extend_i32_u (local.get $length)))
            (then (i32.load8_u (i32.add (local.get $at) (i32.wrap_i64 (local.get $index)))))
            (else
              (if (result i32) (i64.eq (local.get $index) (i64.sub (local.get $size) (i64.const 1)))
                (then (i32.const 0x7d))
                (else
                  (call $input_load_u8
                    (i64.sub (local.get $index) (i64.extend_i32_u (local.get $length)))))))))
        (local.set $index (i64.add (local.get $index) (i64.const 1)))
        (br $next)))
    (call $output_set (local.get $block) (local.get $size))
    (i32.const 0))

  (func (export "build_signer") (result i32) (call $reflect (i32.const 0) (i32.const 23)))
  (func (export "on_unauthorized") (result i32) (call $reflect (i32.const 64) (i32.const 41))))
