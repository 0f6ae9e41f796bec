;; Does in the handshake and in the self-check what the part `answer` says: its first character,
;; and what follows that (a number is a u32, little-endian).
;;
;; `a` TEXT     answers the text
;; `A` TEXT     answers the text, and returns 3
;; `r` TEXT     sets the text as its error, and returns 0
;; `e` TEXT     sets the text as its error, and returns 1
;; `E` TEXT     answers the text, sets it as its error too, and returns 0
;; `t` TEXT     sets the text as its error, and traps
;; `l` TEXT     sets the text as its error, and loops for ever
;; `c` TEXT     sets the text as its error, clears the error, and returns 7
;; `n` NUMBER   returns the number
;; `u`          traps
;; `f`          traps in a function whose name is refuel
;; `o`          loops for ever
;; `s`          calls itself without end
;; `k` TEXT     asks the kernel for HTTP with the text as the request
;; `i`          answers with its input
;; `x` NUMBER EXPECTED TEXT  traps if its input is not EXPECTED, which has NUMBER bytes; answers TEXT
;; `b` NUMBER TEXT  goes round a loop that often, which costs 6 each time, and answers the text
;; `m` NUMBER TEXT  grows its memory by that many pages, and answers the text
;; `h` NUMBER TEXT  grows its table by that many entries, and answers the text
(module
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "store_u8" (func $store_u8 (param i64 i32)))
  (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
  (import "extism:host/env" "error_set" (func $error_set (param i64)))
  (import "extism:host/env" "input_offset" (func $input_offset (result i64)))
  (import "extism:host/env" "input_length" (func $input_length (result i64)))
  (import "extism:host/env" "input_load_u8" (func $input_load_u8 (param i64) (result i32)))
  (import "extism:host/env" "http_request" (func $http_request (param i64 i64) (result i64)))
  (memory 4)
  (table $table 1 funcref)

  ;; The length of the part, the first character and the number after it.
  (func $length (result i32) (i32.load (i32.const 0)))
  (func $is (param $act i32) (result i32) (i32.eq (i32.load8_u (i32.const 4)) (local.get $act)))
  (func $number (result i32) (i32.load (i32.const 5)))

  ;; A block with the bytes of the part from an index on.
  (func $text (param $from i32) (result i64)
    (local $block i64) (local $at i32)
    (local.set $block (call $alloc (i64.extend_i32_u (i32.sub (call $length) (local.get $from)))))
    (local.set $at (local.get $from))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (call $length)))
        (call $store_u8
          (i64.add (local.get $block) (i64.extend_i32_u (i32.sub (local.get $at) (local.get $from))))
          (i32.load8_u offset=4 (local.get $at)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $next)))
    (local.get $block))

  (func $answer (param $from i32)
    (call $output_set
      (call $text (local.get $from))
      (i64.extend_i32_u (i32.sub (call $length) (local.get $from)))))

  (func $fail (call $error_set (call $text (i32.const 1))))
  (func $loop (loop $again (br $again)))
  (func $refuel unreachable)
  (func $recurse (result i32) (i32.add (call $recurse) (i32.const 1)))

  (func $burn (param $left i32)
    (loop $again
      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (br_if $again (local.get $left))))

  ;; Traps if the input is not the bytes of the part at index 5.
  (func $compare
    (local $at i32)
    (if (i64.ne (call $input_length) (i64.extend_i32_u (call $number))) (then unreachable))
    (block $done
      (loop $next
        (br_if $done (i32.eq (local.get $at) (call $number)))
        (if (i32.ne
              (call $input_load_u8 (i64.extend_i32_u (local.get $at)))
              (i32.load8_u offset=9 (local.get $at)))
          (then unreachable))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $next))))

  (func (export "cc_lb_handshake") (export "cc_lb_self_check") (result i32)
    (if (call $is (i32.const 0x61 (; a ;))) (then (call $answer (i32.const 1))))
    (if (call $is (i32.const 0x41 (; A ;))) (then (call $answer (i32.const 1)) (return (i32.const 3))))
    (if (call $is (i32.const 0x72 (; r ;))) (then (call $fail)))
    (if (call $is (i32.const 0x65 (; e ;))) (then (call $fail) (return (i32.const 1))))
    (if (call $is (i32.const 0x45 (; E ;))) (then (call $answer (i32.const 1)) (call $fail)))
    (if (call $is (i32.const 0x74 (; t ;))) (then (call $fail) unreachable))
    (if (call $is (i32.const 0x6c (; l ;))) (then (call $fail) (call $loop)))
    (if (call $is (i32.const 0x63 (; c ;)))
      (then (call $fail) (call $error_set (i64.const 0)) (return (i32.const 7))))
    (if (call $is (i32.const 0x6e (; n ;))) (then (return (call $number))))
    (if (call $is (i32.const 0x75 (; u ;))) (then unreachable))
    (if (call $is (i32.const 0x66 (; f ;))) (then (call $refuel)))
    (if (call $is (i32.const 0x6f (; o ;))) (then (call $loop)))
    (if (call $is (i32.const 0x73 (; s ;))) (then (drop (call $recurse))))
    (if (call $is (i32.const 0x6b (; k ;)))
      (then (drop (call $http_request (call $text (i32.const 1)) (i64.const 0)))))
    (if (call $is (i32.const 0x69 (; i ;)))
      (then (call $output_set (call $input_offset) (call $input_length))))
    (if (call $is (i32.const 0x78 (; x ;)))
      (then (call $compare) (call $answer (i32.add (i32.const 5) (call $number)))))
    (if (call $is (i32.const 0x62 (; b ;))) (then (call $burn (call $number)) (call $answer (i32.const 5))))
    (if (call $is (i32.const 0x6d (; m ;)))
      (then (drop (memory.grow (call $number))) (call $answer (i32.const 5))))
    (if (call $is (i32.const 0x68 (; h ;)))
      (then (drop (table.grow $table (ref.null func) (call $number))) (call $answer (i32.const 5))))
    (i32.const 0)))
