;; __wasm_call_ctors that traps.
;; `run` returns the digits of what ran, in order.
(module
  (global $order (mut i32) (i32.const 0))
  (func $note (param $digit i32)
    (global.set $order (i32.add (i32.mul (global.get $order) (i32.const 10)) (local.get $digit))))
  (func (export "__wasm_call_ctors") unreachable)
  (func (export "run") (result i32) (global.get $order)))
