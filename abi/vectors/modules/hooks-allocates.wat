;; A filter. For a request that is not as long as the probe, cc_lb_alloc returns the i32 of the part
;; `answer`. Traps if the request does not begin there with "r".
(module
  (memory (export "memory") 1)
  (func (export "cc_lb_alloc") (param $size i32) (param i32) (result i32)
    (if (i32.eq (local.get $size) (i32.const 376)) (then (return (i32.const 0x4000))))
    (i32.load (i32.const 4)))
  (func (export "cc_lb_free") (param i32 i32 i32))
  (func (export "cc_lb_filter") (param $request i32) (param $size i32) (result i64)
    (if (i32.ne (local.get $size) (i32.const 376))
      (then
        (if (i32.ne (local.get $request) (i32.load (i32.const 4))) (then unreachable))
        (if (i32.ne (i32.load8_u (local.get $request)) (i32.const 0x72)) (then unreachable))))
    (i64.const 0x00003000_00000008)))
