;; A start function and __wasm_call_ctors that work, and `run` that does nothing.
;; A call of $work costs 5,004: its entry, the call itself, and 5,002 instructions.
(module
  (func $work (local $left i32)
    (local.set $left (i32.const 1000))
    (loop $again
      (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1))))))
  (start $work)
  (func (export "__wasm_call_ctors") (call $work))
  (func (export "run")))
