;; An export that does nothing.
(module
  (func (export "run") (result i32) (i32.const 0)))
