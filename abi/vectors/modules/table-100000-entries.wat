;; A table of 100000 entries.
(module
  (table 100000 funcref)
  (func (export "run")))
