;; _initialize has a result.
(module
  (func (export "_initialize") (result i32) (i32.const 0)))
