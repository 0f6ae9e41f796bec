import { guest } from './guest-wat.ts';

/**
 * How often a slow guest loops: at 5 instructions each, two and a half times what the protocol
 * gives to a layer in fuel.
 */
const ROUNDS = 5_000_000;

/** A plugin whose export of that name loops for some milliseconds before it answers. */
export async function slowGuest(name: string, answer: string, fields = ''): Promise<Uint8Array> {
  const length = new TextEncoder().encode(answer).length;
  // The answer of the first export lies at 0.
  return await guest({
    fields: `${fields}
      (func $loop (param $rounds i32)
        (loop $again
          (br_if $again (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1))))))`,
    exports: {
      answer,
      [name]: {
        code: `(result i32) (call $loop (i32.const ${ROUNDS})) (call $answer (i32.const 0) (i32.const ${length}))`,
      },
    },
  });
}
