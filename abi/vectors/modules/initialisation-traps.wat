;; Has an initialisation that traps.
(module
  (func (export "__wasm_call_ctors") unreachable)
  (func (export "cc_lb_handshake") (export "cc_lb_self_check") (result i32) (i32.const 0)))
