;; Sixteen loops in one another, each run once.
(module
  (func (export "run")
    loop loop loop loop loop loop loop loop loop loop loop loop loop loop loop loop
    end end end end end end end end end end end end end end end end))
