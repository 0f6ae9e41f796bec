;; Exports the memory, and globals under the names of functions. Their kind is wrong.
(module
  (memory (export "memory") 1)
  (global (export "cc_lb_alloc") (export "cc_lb_free") (export "cc_lb_filter") i32 (i32.const 0)))
