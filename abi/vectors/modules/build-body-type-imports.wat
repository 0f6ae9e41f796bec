;; An unknown import, and a function without a result whose body leaves a value.
(module
  (import "other" "f" (func))
  (func (export "run") (i32.const 1)))
