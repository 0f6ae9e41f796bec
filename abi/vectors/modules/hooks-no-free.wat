;; Exports the memory, the allocator and filter, but no cc_lb_free.
(module
  (memory (export "memory") 1)
  (func (export "cc_lb_alloc") (param i32 i32) (result i32) (i32.const 0x1000))
  (func (export "cc_lb_filter") (param i32 i32) (result i64) (i64.const 0x00000800_00000008)))
