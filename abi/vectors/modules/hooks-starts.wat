;; A filter whose start function writes the answer: without it, the answer is no archive. Each of the
;; functions burns little fuel: the start function 4, cc_lb_alloc 2, the hook 2.
(module
  (memory (export "memory") 1)
  (func $start (i32.store (i32.const 0x800) (i32.const -8)))
  (start $start)
  (func (export "cc_lb_alloc") (param i32 i32) (result i32) (i32.const 0x4000))
  (func (export "cc_lb_free") (param i32 i32 i32))
  (func (export "cc_lb_filter") (param i32 i32) (result i64) (i64.const 0x000007f8_00000010))
  (data (i32.const 0x800) "\01"))
