;; A start function that calls a kernel function with an invalid handle.
(module
  (import "extism:host/env" "var_get" (func $var_get (param i64) (result i64)))
  (func $start (drop (call $var_get (i64.const 5))))
  (start $start))
