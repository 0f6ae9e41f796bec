;; Its filter returns an i32. Its shape is right, and so is its cc_lb_alloc, but the response hooks and
;; cc_lb_free have other types.
(module
  (memory (export "memory") 1)
  (func (export "cc_lb_alloc") (param i32 i32) (result i32) (i32.const 0x4000))
  (func (export "cc_lb_free") (export "cc_lb_transform_response") (export "cc_lb_transform_sse_event")
    unreachable)
  (func (export "cc_lb_filter") (param i32 i32) (result i32) (i32.const 8))
  (func (export "cc_lb_shape") (param i32 i32) (result i64)
    (i32.store (i32.const 0x3008) (i32.const -8))
    (i32.store (i32.const 0x3010) (i32.const -16))
    (i32.store (i32.const 0x3018) (i32.const -24))
    (i64.const 0x00003000_00000020)))
