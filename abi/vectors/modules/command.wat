;; A command. `_start` and `run` count in a global, and `run` returns the count. `vars` sets the
;; variable with the empty key, and returns 1 if it existed. `_start` traps if the input is not
;; empty.
(module
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "input_length" (func $input_length (result i64)))
  (import "extism:host/env" "var_get" (func $var_get (param i64) (result i64)))
  (import "extism:host/env" "var_set" (func $var_set (param i64 i64)))
  (global $count (mut i32) (i32.const 0))
  (func $next (global.set $count (i32.add (global.get $count) (i32.const 1))))
  (func (export "_start")
    (call $next)
    (if (i64.ne (call $input_length) (i64.const 0)) (then unreachable)))
  (func (export "run") (result i32) (call $next) (global.get $count))
  (func (export "vars") (result i32) (local $found i64)
    (local.set $found (call $var_get (i64.const 0)))
    (call $var_set (i64.const 0) (call $alloc (i64.const 1)))
    (i64.ne (local.get $found) (i64.const 0))))
