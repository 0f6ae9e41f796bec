;; A memory and a table with a maximum. `memory` and `table` grow beyond it, `inside` grows the
;; memory by one page, and `many` tries ten times to grow the memory beyond it. Each returns what
;; the growth returns.
(module
  (memory 1 2)
  (table 1 2 funcref)
  (func (export "memory") (result i32) (memory.grow (i32.const 2)))
  (func (export "table") (result i32) (table.grow (ref.null func) (i32.const 2)))
  (func (export "inside") (result i32) (memory.grow (i32.const 1)))
  (func (export "many") (result i32) (local $left i32)
    (local.set $left (i32.const 10))
    (loop $again
      (drop (memory.grow (i32.const 30)))
      (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (memory.grow (i32.const 30))))
