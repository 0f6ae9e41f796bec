;; Calls a host function with an invalid handle, catches whatever can be caught, and returns 0.
(module
  (import "extism:host/user" "cc_lb_random_bytes" (func $random_bytes (param i64) (result i64)))
  (func (export "run") (result i32)
    (block $caught (try_table (catch_all $caught) (drop (call $random_bytes (i64.const 5)))))
    (i32.const 0)))
