;; _initialize has a parameter. The start function traps.
(module
  (func $start unreachable)
  (start $start)
  (func (export "_initialize") (param i32)))
