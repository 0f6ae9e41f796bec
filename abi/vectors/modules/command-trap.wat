;; A command whose start function traps.
(module
  (func $start unreachable)
  (start $start)
  (func (export "_start")))
