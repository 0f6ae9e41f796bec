;; A start function that grows the memory by 100 pages.
(module
  (memory 1)
  (func $start (drop (memory.grow (i32.const 100))))
  (start $start))
