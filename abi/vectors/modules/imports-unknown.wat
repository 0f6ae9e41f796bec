;; Imports a function that the kernel does not have.
(module
  (import "extism:host/env" "cc_lb_unknown" (func))
  (func (export "cc_lb_handshake") (export "cc_lb_self_check") (result i32) (i32.const 0)))
