;; Exports the handshake and the self-check under other names, which differ in the case and by a dash.
(module (func (export "CC_LB_HANDSHAKE") (export "CC_LB_SELF_CHECK") (export "cc-lb-handshake") (result i32)
  (i32.const 0)))
