;; _start is a table.
(module
  (table (export "_start") 1 funcref))
