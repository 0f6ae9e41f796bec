;; Waits for a notification, without shared memory.
(module
  (memory 1)
  (func (export "run")
    (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 0)))))
