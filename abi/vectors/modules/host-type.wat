;; Imports a function of the host with a wrong type.
(module
  (import "extism:host/user" "cc_lb_now_unix_ms" (func (result i32))))
