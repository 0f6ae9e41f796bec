;; A table of 100001 entries.
(module
  (table 100001 funcref)
  (func (export "run")))
