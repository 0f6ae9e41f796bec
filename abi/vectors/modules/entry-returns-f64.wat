;; Exports the handshake and the self-check as a function whose result is an f64.
(module (func (export "cc_lb_handshake") (export "cc_lb_self_check") (result f64) (f64.const 0)))
