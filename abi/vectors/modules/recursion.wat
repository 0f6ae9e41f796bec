;; `deep` calls a function of one parameter to a depth of 2,000 frames.
(module
  (func $down (param $left i32) (result i32)
    (if (result i32) (local.get $left)
      (then (i32.add (i32.const 1) (call $down (i32.sub (local.get $left) (i32.const 1)))))
      (else (i32.const 0))))
  (func (export "deep") (result i32)
    (i32.sub (call $down (i32.const 1999)) (i32.const 1999))))
