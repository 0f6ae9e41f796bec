;; A filter that has an indirect tail call.
(module
  (memory (export "memory") 1)
  (func (export "cc_lb_alloc") (param i32 i32) (result i32) (i32.const 0x4000))
  (func (export "cc_lb_free") (param i32 i32 i32))
  (func (export "cc_lb_filter") (param i32 i32) (result i64) (i64.const 0x00003000_00000008))
  (type $t (func))
  (table 1 funcref)
  (func (return_call_indirect (type $t) (i32.const 0))))
