;; Two memories. `run` grows both by 20 pages and returns 0.
(module
  (memory $a 1)
  (memory $b 1)
  (func (export "run") (result i32)
    (drop (memory.grow $a (i32.const 20)))
    (drop (memory.grow $b (i32.const 20)))
    (i32.const 0))
  (func (export "a little") (result i32)
    (drop (memory.grow $a (i32.const 10)))
    (memory.grow $b (i32.const 10))))
