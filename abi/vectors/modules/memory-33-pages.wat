;; A memory of 33 pages.
(module
  (memory 33)
  (func (export "run")))
