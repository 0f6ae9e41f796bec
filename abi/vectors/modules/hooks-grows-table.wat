;; A filter that grows its table, which has one entry, by the entries of the part `answer`, an i32. If
;; that is refused, its answer is at address 0.
(module
  (memory (export "memory") 1)
  (table $table 1 funcref)
  (func (export "cc_lb_alloc") (param i32 i32) (result i32) (i32.const 0x4000))
  (func (export "cc_lb_free") (param i32 i32 i32))
  (func (export "cc_lb_filter") (param i32 i32) (result i64)
    (if (i32.eq (table.grow $table (ref.null func) (i32.load (i32.const 4))) (i32.const -1))
      (then (return (i64.const 8))))
    (i64.const 0x00003000_00000008)))
