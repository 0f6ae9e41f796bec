;; Exports the handshake and the self-check as a table.
(module (table (export "cc_lb_handshake") (export "cc_lb_self_check") 1 funcref))
