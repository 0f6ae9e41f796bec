;; `normalize_error` counts its calls. The first letter of the body says what a call does:
;;   c  answers with the count, a digit, as the body
;;   d  divides by 0
;;   e  sets an error, an output that is good, and returns 0
;;   f  uses all fuel
;;   h  asks a host function for more than it gives
;;   j  answers no JSON
;;   m  grows the memory by 64 MiB, and then answers as `c`
;;   n  sets no output
;;   r  sets an output that is good, and returns 7
;;   s  uses all of the stack
;;   t  executes `unreachable`
;;   u  answers bytes that are not UTF-8
;;   v  answers another version
(module
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "store_u8" (func $store_u8 (param i64 i32)))
  (import "extism:host/env" "store_u64" (func $store_u64 (param i64 i64)))
  (import "extism:host/env" "input_load_u8" (func $input_load_u8 (param i64) (result i32)))
  (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
  (import "extism:host/env" "error_set" (func $error_set (param i64)))
  (import "extism:host/user" "cc_lb_random_bytes" (func $random (param i64) (result i64)))
  (memory 1)
  (data (i32.const 0) "{\"_v\":1,\"body_base64\":\"0\"}")
  (data (i32.const 64) "{\"_v\":2,\"body_base64\":\"0\"}")
  (data (i32.const 128) "{\"_v\":1,")
  (data (i32.const 192) "\ff\fe")
  (global $count (mut i32) (i32.const 0))

  (func $block (param $at i32) (param $length i32) (result i64)
    (local $handle i64) (local $index i32)
    (local.set $handle (call $alloc (i64.extend_i32_u (local.get $length))))
    (loop $next
      (if (i32.lt_u (local.get $index) (local.get $length))
        (then
          (call $store_u8
            (i64.add (local.get $handle) (i64.extend_i32_u (local.get $index)))
            (i32.load8_u (i32.add (local.get $at) (local.get $index))))
          (local.set $index (i32.add (local.get $index) (i32.const 1)))
          (br $next))))
    (local.get $handle))

  (func $answer (param $at i32) (param $length i32)
    (call $output_set (call $block (local.get $at) (local.get $length)) (i64.extend_i32_u (local.get $length))))

  ;; Answers with the count.
  (func $good
    (i32.store8 (i32.const 23) (i32.add (i32.const 0x30) (global.get $count)))
    (call $answer (i32.const 0) (i32.const 26)))

  (func $recurse (param $depth i32) (result i32)
    (i32.add (local.get $depth) (call $recurse (i32.add (local.get $depth) (i32.const 1)))))

  ;; Asks for one byte more than the limit.
  (func $ask-too-much
    (local $size i64)
    (local.set $size (call $alloc (i64.const 8)))
    (call $store_u64 (local.get $size) (i64.const 65537))
    (drop (call $random (local.get $size))))

  (func (export "normalize_error") (result i32)
    (local $letter i32)
    (global.set $count (i32.add (global.get $count) (i32.const 1)))
    ;; The request begins with {"_v":1,"body_base64":" and the body.
    (local.set $letter (call $input_load_u8 (i64.const 23)))
    (if (i32.eq (local.get $letter) (i32.const 0x63)) (then (call $good)))
    (if (i32.eq (local.get $letter) (i32.const 0x64))
      (then (drop (i32.div_u (i32.const 1) (i32.sub (local.get $letter) (i32.const 0x64))))))
    (if (i32.eq (local.get $letter) (i32.const 0x65))
      (then (call $good) (call $error_set (call $block (i32.const 9) (i32.const 4)))))
    (if (i32.eq (local.get $letter) (i32.const 0x66)) (then (loop $forever (br $forever))))
    (if (i32.eq (local.get $letter) (i32.const 0x68)) (then (call $ask-too-much)))
    (if (i32.eq (local.get $letter) (i32.const 0x6a)) (then (call $answer (i32.const 128) (i32.const 8))))
    (if (i32.eq (local.get $letter) (i32.const 0x6d))
      (then (drop (memory.grow (i32.const 1024))) (call $good)))
    (if (i32.eq (local.get $letter) (i32.const 0x72)) (then (call $good) (return (i32.const 7))))
    (if (i32.eq (local.get $letter) (i32.const 0x73)) (then (drop (call $recurse (i32.const 0)))))
    (if (i32.eq (local.get $letter) (i32.const 0x74)) (then (unreachable)))
    (if (i32.eq (local.get $letter) (i32.const 0x75)) (then (call $answer (i32.const 192) (i32.const 2))))
    (if (i32.eq (local.get $letter) (i32.const 0x76)) (then (call $answer (i32.const 64) (i32.const 26))))
    (i32.const 0)))
