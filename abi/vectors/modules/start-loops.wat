;; Has a start function that does not end.
(module
  (func $start (loop $again (br $again)))
  (start $start)
  (func (export "cc_lb_handshake") (export "cc_lb_self_check") (result i32) (i32.const 0)))
