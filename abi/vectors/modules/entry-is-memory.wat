;; Exports the handshake and the self-check as a memory.
(module (memory (export "cc_lb_handshake") (export "cc_lb_self_check") 1))
