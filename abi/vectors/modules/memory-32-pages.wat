;; A memory of 32 pages.
(module
  (memory 32)
  (func (export "run")))
