;; Catches whatever can be caught, and returns 0: an exception of its own, an invalid handle given
;; to the kernel, a trap, and growth past the budget.
(module
  (import "extism:host/env" "var_get" (func $var_get (param i64) (result i64)))
  (memory 1)
  (tag $own)
  (func (export "own") (result i32)
    (block $caught (try_table (catch_all $caught) (throw $own))) (i32.const 0))
  (func (export "kernel") (result i32)
    (block $caught (try_table (catch_all $caught) (drop (call $var_get (i64.const 5))))) (i32.const 0))
  (func (export "trap") (result i32)
    (block $caught (try_table (catch_all $caught) unreachable)) (i32.const 0))
  (func (export "growth") (result i32)
    (block $caught (try_table (catch_all $caught) (drop (memory.grow (i32.const 100))))) (i32.const 0))
  (func (export "uncaught") (throw $own)))
