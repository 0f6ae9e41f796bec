;; Imports a function that the host does not have.
(module
  (import "extism:host/user" "cc_lb_now_unix_ms" (func (result i64)))
  (import "extism:host/user" "cc_lb_storage_delete" (func (param i64))))
