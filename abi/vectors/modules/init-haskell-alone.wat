;; hs_init (4 + its parameters) that has results.
;; `run` returns the digits of what ran, in order.
(module
  (global $order (mut i32) (i32.const 0))
  (func $note (param $digit i32)
    (global.set $order (i32.add (i32.mul (global.get $order) (i32.const 10)) (local.get $digit))))
  (func (export "hs_init") (param i32 i32) (result i32 f64)
    (call $note (i32.add (i32.const 4) (i32.add (local.get 0) (local.get 1))))
    (i32.const 1) (f64.const 2))
  (func (export "run") (result i32) (global.get $order)))
