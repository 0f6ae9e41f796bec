;; A memory that is shared between threads.
(module
  (memory 1 2 shared)
  (func (export "run")))
