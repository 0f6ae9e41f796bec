;; Uses each proposal that WebAssembly 2.0 took in. `run` returns 0 if all work.
(module
  (type $pair (func (result i32 i32)))
  (memory 1)
  (table $t 2 externref)
  (data $d "ab")
  (func $pair (type $pair) (i32.const 7) (i32.const 5))
  (func $sum (result i32) (call $pair) (i32.sub))
  (func (export "run") (result i32)
    ;; several values: 7 - 5
    (if (i32.ne (call $sum) (i32.const 2)) (then (return (i32.const 1))))
    ;; bulk memory: "ab" at 8, then at 16
    (memory.init $d (i32.const 8) (i32.const 0) (i32.const 2))
    (data.drop $d)
    (memory.copy (i32.const 16) (i32.const 8) (i32.const 2))
    (if (i32.ne (i32.load16_u (i32.const 16)) (i32.const 0x6261)) (then (return (i32.const 2))))
    (memory.fill (i32.const 16) (i32.const 1) (i32.const 2))
    (if (i32.ne (i32.load16_u (i32.const 16)) (i32.const 0x0101)) (then (return (i32.const 3))))
    ;; reference types
    (table.fill $t (i32.const 0) (ref.null extern) (i32.const 2))
    (if (i32.eqz (ref.is_null (table.get $t (i32.const 1)))) (then (return (i32.const 4))))
    (if (i32.ne (table.grow $t (ref.null extern) (i32.const 1)) (i32.const 2))
      (then (return (i32.const 5))))
    ;; sign extension, saturating conversions
    (if (i32.ne (i32.extend8_s (i32.const 0x80)) (i32.const -128)) (then (return (i32.const 6))))
    (if (i32.trunc_sat_f64_s (f64.const nan)) (then (return (i32.const 7))))
    ;; 128-bit vectors
    (i32.sub
      (i32x4.extract_lane 3 (i32x4.add (v128.const i32x4 1 2 3 4) (i32x4.splat (i32.const 10))))
      (i32.const 14))))
