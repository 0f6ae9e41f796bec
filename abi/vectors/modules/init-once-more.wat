;; _initialize traps if the variable with the empty key exists, and then sets it. So a variable that
;; the trial set must be gone before a second instance is initialised. `run` returns 0 if the
;; variable exists, else 1.
(module
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "var_get" (func $var_get (param i64) (result i64)))
  (import "extism:host/env" "var_set" (func $var_set (param i64 i64)))
  (func (export "_initialize")
    (if (i64.ne (call $var_get (i64.const 0)) (i64.const 0)) (then unreachable))
    (call $var_set (i64.const 0) (call $alloc (i64.const 1))))
  (func (export "run") (result i32) (i64.eqz (call $var_get (i64.const 0)))))
