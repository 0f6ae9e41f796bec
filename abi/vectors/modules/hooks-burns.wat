;; A filter that burns 7 of fuel, and 5 for each of the rounds of the part `answer`, an i32.
(module
  (memory (export "memory") 1)
  (func (export "cc_lb_alloc") (param i32 i32) (result i32) (i32.const 0x4000))
  (func (export "cc_lb_free") (param i32 i32 i32))
  (func (export "cc_lb_filter") (param i32 i32) (result i64)
    (local $left i32)
    (local.set $left (i32.load (i32.const 4)))
    (loop $next
      (br_if $next (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (i64.const 0x00003000_00000008)))
