;; A start function (1) and _initialize (2).
;; `run` returns the digits of what ran, in order.
(module
  (global $order (mut i32) (i32.const 0))
  (func $note (param $digit i32)
    (global.set $order (i32.add (i32.mul (global.get $order) (i32.const 10)) (local.get $digit))))
  (func $start (call $note (i32.const 1)))
  (start $start)
  (func (export "_initialize") (call $note (i32.const 2)))
  (func (export "run") (result i32) (global.get $order)))
