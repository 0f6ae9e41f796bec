;; Its allocator takes no alignment, and its hook returns an i32.
(module
  (memory (export "memory") 1)
  (func (export "cc_lb_alloc") (param i32) (result i32) (i32.const 0x4000))
  (func (export "cc_lb_free") (param i32 i32 i32))
  (func (export "cc_lb_filter") (param i32 i32) (result i32) (i32.const 8)))
