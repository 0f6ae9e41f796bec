;; A function without a result whose body leaves a value.
(module
  (func (export "run") (i32.const 1)))
