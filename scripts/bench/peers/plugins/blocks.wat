;; What plugins ask of the allocator and of the variables.
(module
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "free" (func $free (param i64)))
  (import "extism:host/env" "length" (func $length (param i64) (result i64)))
  (import "extism:host/env" "store_u64" (func $store_u64 (param i64 i64)))
  (import "extism:host/env" "var_set" (func $var_set (param i64 i64)))
  (import "extism:host/env" "var_get" (func $var_get (param i64) (result i64)))
  (memory 1)

  ;; 1,000 times: a block of 64 bytes, which is freed again.
  (func (export "again") (result i32)
    (local $left i32)
    (local.set $left (i32.const 1000))
    (loop $next
      (call $free (call $alloc (i64.const 64)))
      (br_if $next (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (i32.const 0))

  ;; 1,000 blocks of 16 to 1,015 bytes; then every other one is freed; then 500 more, and the length of each.
  (func (export "mixed") (result i32)
    (local $at i32) (local $handle i64)
    (loop $fill
      (i64.store (i32.mul (local.get $at) (i32.const 8)) (call $alloc (call $size (local.get $at))))
      (br_if $fill (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 1))) (i32.const 1000))))
    (local.set $at (i32.const 0))
    (loop $thin
      (call $free (i64.load (i32.mul (local.get $at) (i32.const 8))))
      (br_if $thin (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 2))) (i32.const 1000))))
    (local.set $at (i32.const 0))
    (loop $refill
      (local.set $handle (call $alloc (call $size (i32.add (local.get $at) (i32.const 13)))))
      (if (i64.eqz (call $length (local.get $handle))) (then unreachable))
      (br_if $refill (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 2))) (i32.const 1000))))
    (i32.const 0))

  (func $size (param $at i32) (result i64)
    (i64.add (i64.const 16) (i64.extend_i32_u (i32.rem_u (i32.mul (local.get $at) (i32.const 7919)) (i32.const 1000)))))

  ;; 100 times: a variable of 64 bytes is set, under one of 8 names, and read again.
  (func (export "variables") (result i32)
    (local $left i32) (local $value i64)
    (local.set $left (i32.const 100))
    (loop $next
      (local.set $value (call $alloc (i64.const 64)))
      (call $store_u64 (local.get $value) (i64.extend_i32_u (local.get $left)))
      (call $var_set (call $name (local.get $left)) (local.get $value))
      (if (i64.eqz (call $var_get (call $name (local.get $left)))) (then unreachable))
      (br_if $next (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (i32.const 0))

  ;; "key 0aaa" to "key 7aaa"
  (func $name (param $at i32) (result i64)
    (local $handle i64)
    (local.set $handle (call $alloc (i64.const 8)))
    (call $store_u64 (local.get $handle)
      (i64.or (i64.const 0x61616130_2079656b) (i64.shl (i64.extend_i32_u (i32.and (local.get $at) (i32.const 7))) (i64.const 32))))
    (local.get $handle)))
