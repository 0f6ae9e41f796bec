;; A filter that answers with as many empty results as the i32 of the part `answer` says. The results
;; are at 8 MiB; each of their pointers leads to what lies 4 MiB before it.
(module
  (memory (export "memory") 200)
  (func (export "cc_lb_alloc") (param i32 i32) (result i32) (i32.const 0x4000))
  (func (export "cc_lb_free") (param i32 i32 i32))
  (func (export "cc_lb_filter") (param i32 i32) (result i64)
    (local $at i32) (local $end i32)
    (local.set $at (i32.const 0x800000))
    (local.set $end (i32.add (local.get $at) (i32.mul (i32.load (i32.const 4)) (i32.const 24))))
    (loop $next
      (i32.store (local.get $at) (i32.const -0x400000))
      (br_if $next
        (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 8))) (local.get $end))))
    (i32.store (local.get $end) (i32.sub (i32.const 0x800000) (local.get $end)))
    (i32.store offset=4 (local.get $end) (i32.load (i32.const 4)))
    (i64.or
      (i64.const 0x00010000_00000000)
      (i64.extend_i32_u (i32.sub (local.get $end) (i32.const 0xfff8))))))
