;; A start function that loops without end.
(module
  (func $start (loop $over (br $over)))
  (start $start))
