;; An unknown import, and a memory of 33 pages.
(module
  (import "other" "f" (func))
  (memory 33))
