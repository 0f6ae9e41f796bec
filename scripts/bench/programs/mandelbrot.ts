// @ts-nocheck: AssemblyScript, whose types TypeScript does not know.
const SIZE = 260;
const LIMIT = 120;

/** How many steps the points of a square take to leave the circle. */
export function run(): i32 {
  let steps = 0;
  for (let row = 0; row < SIZE; row++) {
    const imaginary = (<f64>row / SIZE) * 2.4 - 1.2;
    for (let column = 0; column < SIZE; column++) {
      const real = (<f64>column / SIZE) * 3 - 2.2;
      let x: f64 = 0;
      let y: f64 = 0;
      let step = 0;
      for (; step < LIMIT && x * x + y * y < 4; step++) {
        const next = x * x - y * y + real;
        y = 2 * x * y + imaginary;
        x = next;
      }
      steps += step;
    }
  }
  return steps;
}
