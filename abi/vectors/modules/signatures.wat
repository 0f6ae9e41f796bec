;; Each wire function is exported in another way. Those that run answer well.
(module
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "store_u8" (func $store_u8 (param i64 i32)))
  (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
  (memory (export "on_unauthorized") 1)
  (data (i32.const 0) "{\"_v\":1,\"body_base64\":null}")
  (data (i32.const 64) "{\"_v\":1,\"signer_state\":null}")
  (data (i32.const 128) "{\"_v\":1}")

  (func $answer (param $at i32) (param $length i32)
    (local $block i64) (local $index i32)
    (local.set $block (call $alloc (i64.extend_i32_u (local.get $length))))
    (loop $next
      (if (i32.lt_u (local.get $index) (local.get $length))
        (then
          (call $store_u8
            (i64.add (local.get $block) (i64.extend_i32_u (local.get $index)))
            (i32.load8_u (i32.add (local.get $at) (local.get $index))))
          (local.set $index (i32.add (local.get $index) (i32.const 1)))
          (br $next))))
    (call $output_set (local.get $block) (i64.extend_i32_u (local.get $length))))

  ;; A parameter.
  (func (export "shape") (param i32) (result i32) (i32.const 0))
  ;; A result of another type: the code is -1.
  (func (export "normalize_error") (result i64)
    (call $answer (i32.const 0) (i32.const 27))
    (i64.const 0))
  ;; No result: the code is 0.
  (func (export "build_signer") (call $answer (i32.const 64) (i32.const 28)))
  ;; Two results.
  (func (export "sign") (result i32 i32)
    (call $answer (i32.const 0) (i32.const 27))
    (i32.const 0)
    (i32.const 0))
  ;; `on_unauthorized` is the memory.
  ;; As it should be.
  (func (export "observe") (result i32)
    (call $answer (i32.const 128) (i32.const 8))
    (i32.const 0))
  ;; A negative code.
  (func (export "filter") (result i32) (i32.const -1)))
