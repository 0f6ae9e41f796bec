// @ts-nocheck: AssemblyScript, whose types TypeScript does not know.
const SIZE = 250;
const left = memory.data(SIZE * SIZE * 8);
const right = memory.data(SIZE * SIZE * 8);
const product = memory.data(SIZE * SIZE * 8);

function place(matrix: usize, row: i32, column: i32): usize {
  return matrix + ((<usize>(row * SIZE + column)) << 3);
}

/** The product of two square matrices, row by column. */
export function run(): i32 {
  for (let row = 0; row < SIZE; row++) {
    for (let column = 0; column < SIZE; column++) {
      store<f64>(place(left, row, column), row - column);
      store<f64>(place(right, row, column), row * 3 + column);
    }
  }
  let trace: f64 = 0;
  for (let row = 0; row < SIZE; row++) {
    for (let column = 0; column < SIZE; column++) {
      let sum: f64 = 0;
      for (let i = 0; i < SIZE; i++) sum += load<f64>(place(left, row, i)) * load<f64>(place(right, i, column));
      store<f64>(place(product, row, column), sum);
    }
    trace += load<f64>(place(product, row, row));
  }
  return <i32>(trace / 1024);
}
