;; Exports the handshake and the self-check as a function with two results.
(module (func (export "cc_lb_handshake") (export "cc_lb_self_check") (result i32 i32) (i32.const 0) (i32.const 0)))
