;; `log` calls a function of the host without bytes. `now` calls one that returns 8 bytes, and `put`
;; one that takes 6.
(module
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/user" "cc_lb_log" (func $log (param i64 i64)))
  (import "extism:host/user" "cc_lb_now_unix_ms" (func $now (result i64)))
  (import "extism:host/user" "cc_lb_storage_put" (func $put (param i64 i64)))
  (func (export "log") (call $log (i64.const 0) (i64.const 0)))
  (func (export "now") (drop (call $now)))
  (func (export "put") (call $put (call $alloc (i64.const 2)) (call $alloc (i64.const 4)))))
