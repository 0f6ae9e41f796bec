;; _start and _initialize are both exported.
(module
  (func (export "_start"))
  (func (export "_initialize")))
