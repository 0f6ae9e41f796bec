;; An array in a constant expression, whose length is computed.
(module
  (type $a (array i32))
  (global (ref $a) (array.new $a (i32.const 0) (i32.add (i32.const 1) (i32.const 2))))
  (func (export "run")))
