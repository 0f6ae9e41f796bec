;; Two tables of 60 entries.
(module
  (table 60 funcref)
  (table 60 funcref)
  (func (export "run")))
