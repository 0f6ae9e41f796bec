;; Imports of WASI, of a host function, of the kernel, and others. Five are unknown.
(module
  (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
  (import "extism:host/env" "alloc" (func (param i64) (result i64)))
  (import "extism:host/env" "other" (func))
  (import "extism:host/user" "cc_lb_log" (func (param i64 i64)))
  (import "env" "memory" (memory 1))
  (import "" "" (global i32)))
