;; A memory that is shared between threads, and an unknown import.
(module
  (import "other" "f" (func))
  (memory 1 2 shared))
