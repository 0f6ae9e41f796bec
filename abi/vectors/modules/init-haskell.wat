;; A start function (1), _initialize (2), __wasm_call_ctors (3), hs_init (4 + its parameters).
;; `run` returns the digits of what ran, in order.
(module
  (global $order (mut i32) (i32.const 0))
  (func $note (param $digit i32)
    (global.set $order (i32.add (i32.mul (global.get $order) (i32.const 10)) (local.get $digit))))
  (func $start (call $note (i32.const 1)))
  (start $start)
  (func (export "_initialize") (call $note (i32.const 2)))
  (func (export "__wasm_call_ctors") (call $note (i32.const 3)))
  (func (export "hs_init") (param i32 i32)
    (call $note (i32.add (i32.const 4) (i32.add (local.get 0) (local.get 1)))))
  (func (export "run") (result i32) (global.get $order)))
