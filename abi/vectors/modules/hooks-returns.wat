;; Every hook returns what the part `answer` says: a byte, then the i64 of the hook, then bytes that lie
;; at 13. Probes, whose requests begin with "p", get a good answer instead, but that of one hook: the
;; byte is 1 for filter, and so on in the order of the names. Traps in cc_lb_free, which no host calls.
(module
  (memory (export "memory") 1)
  (func (export "cc_lb_alloc") (param i32 i32) (result i32) (i32.const 0x4000))
  (func (export "cc_lb_free") (param i32 i32 i32) unreachable)
  (func $answer (param $request i32) (param $hook i32) (param $good i64) (result i64)
    (if (i32.and
        (i32.ne (i32.load8_u (i32.const 4)) (local.get $hook))
        (i32.eq (i32.load8_u (local.get $request)) (i32.const 0x70)))
      (then (return (local.get $good))))
    (i64.load (i32.const 5)))
  (func (export "cc_lb_filter") (param i32 i32) (result i64)
    (call $answer (local.get 0) (i32.const 1) (i64.const 0x00003000_00000008)))
  (func (export "cc_lb_shape") (param i32 i32) (result i64)
    (i32.store (i32.const 0x3008) (i32.const -8))
    (i32.store (i32.const 0x3010) (i32.const -16))
    (i32.store (i32.const 0x3018) (i32.const -24))
    (call $answer (local.get 0) (i32.const 2) (i64.const 0x00003000_00000020)))
  (func (export "cc_lb_transform_response") (param i32 i32) (result i64)
    (call $answer (local.get 0) (i32.const 3) (i64.const 0x00003000_00000020)))
  (func (export "cc_lb_transform_sse_event") (param i32 i32) (result i64)
    (call $answer (local.get 0) (i32.const 4) (i64.const 0x00003000_0000000c))))
