;; A filter that calls a typed reference.
(module
  (memory (export "memory") 1)
  (func (export "cc_lb_alloc") (param i32 i32) (result i32) (i32.const 0x4000))
  (func (export "cc_lb_free") (param i32 i32 i32))
  (func (export "cc_lb_filter") (param i32 i32) (result i64) (i64.const 0x00003000_00000008))
  (type $t (func))
  (func (call_ref $t (ref.null $t))))
