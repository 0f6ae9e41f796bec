;; _start and _initialize are both exported, and the memory has 33 pages.
(module
  (memory 33)
  (func (export "_start"))
  (func (export "_initialize")))
