;; Has a start function that traps.
(module
  (func $start unreachable)
  (start $start)
  (func (export "cc_lb_handshake") (export "cc_lb_self_check") (result i32) (i32.const 0)))
