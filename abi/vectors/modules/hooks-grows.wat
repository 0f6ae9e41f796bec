;; A filter that grows its memory in every call by the pages of the part `answer`, an i32. If that is
;; refused, its answer is at address 0. Else the answer is the last eight bytes of the new memory.
(module
  (memory (export "memory") 1)
  (func (export "cc_lb_alloc") (param i32 i32) (result i32) (i32.const 0x4000))
  (func (export "cc_lb_free") (param i32 i32 i32))
  (func (export "cc_lb_filter") (param i32 i32) (result i64)
    (if (i32.eq (memory.grow (i32.load (i32.const 4))) (i32.const -1)) (then (return (i64.const 8))))
    (i64.or
      (i64.shl
        (i64.extend_i32_u (i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 8)))
        (i64.const 32))
      (i64.const 8))))
