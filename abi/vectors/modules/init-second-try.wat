;; __wasm_call_ctors sets a variable and a global, and traps if the variable did not exist.
;; `run` returns the global, which counts the tries of this instance.
(module
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "var_get" (func $var_get (param i64) (result i64)))
  (import "extism:host/env" "var_set" (func $var_set (param i64 i64)))
  (global $tries (mut i32) (i32.const 0))
  (func (export "__wasm_call_ctors") (local $found i64)
    (global.set $tries (i32.add (global.get $tries) (i32.const 1)))
    (local.set $found (call $var_get (i64.const 0)))
    (call $var_set (i64.const 0) (call $alloc (i64.const 1)))
    (if (i64.eqz (local.get $found)) (then unreachable)))
  (func (export "run") (result i32) (global.get $tries)))
