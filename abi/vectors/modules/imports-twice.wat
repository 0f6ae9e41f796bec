;; The same import twice.
(module
  (import "extism:host/env" "alloc" (func $a (param i64) (result i64)))
  (import "extism:host/env" "alloc" (func $b (param i64) (result i64)))
  (import "extism:host/env" "length" (func $length (param i64) (result i64)))
  (func (export "run") (result i32)
    (i32.wrap_i64 (i64.add (call $length (call $a (i64.const 3))) (call $length (call $b (i64.const 4)))))))
