;; Has an initialisation that does not end.
(module
  (func (export "__wasm_call_ctors") (loop $again (br $again)))
  (func (export "cc_lb_handshake") (export "cc_lb_self_check") (result i32) (i32.const 0)))
