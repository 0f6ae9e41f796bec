;; _initialize traps.
(module
  (func (export "_initialize") unreachable))
