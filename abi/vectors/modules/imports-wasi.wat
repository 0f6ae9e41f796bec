;; Imports a function of WASI.
(module
  (import "wasi_snapshot_preview1" "random_get" (func (param i32 i32) (result i32)))
  (func (export "cc_lb_handshake") (export "cc_lb_self_check") (result i32) (i32.const 0)))
