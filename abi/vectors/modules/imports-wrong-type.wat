;; Imports a kernel function with another type.
(module
  (import "extism:host/env" "alloc" (func (param i32) (result i64)))
  (func (export "cc_lb_handshake") (export "cc_lb_self_check") (result i32) (i32.const 0)))
