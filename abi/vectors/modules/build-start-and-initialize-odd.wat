;; _start is a global, and _initialize a function with a parameter.
(module
  (global (export "_start") i32 (i32.const 0))
  (func (export "_initialize") (param i32)))
