;; Allocates an object of garbage collection.
(module
  (type $point (struct (field i32)))
  (func (export "run") (drop (struct.new $point (i32.const 1)))))
