;; Exports the handshake and the self-check as a function whose result is an i64.
(module (func (export "cc_lb_handshake") (export "cc_lb_self_check") (result i64) (i64.const 0)))
