;; A filter that calls a function 1,000 times in one another. The function has 16 parameters and locals.
(module
  (memory (export "memory") 1)
  (func $deep (param $left i32) (result i64)
    (local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)
    (local.set 1 (i64.extend_i32_u (local.get $left)))
    (if (i32.eqz (local.get $left)) (then (return (i64.const 0))))
    (i64.add (local.get 1) (call $deep (i32.sub (local.get $left) (i32.const 1)))))
  (func (export "cc_lb_alloc") (param i32 i32) (result i32) (i32.const 0x4000))
  (func (export "cc_lb_free") (param i32 i32 i32))
  (func (export "cc_lb_filter") (param i32 i32) (result i64)
    (if (i64.ne (call $deep (i32.const 999)) (i64.const 499500)) (then unreachable))
    (i64.const 0x00003000_00000008)))
