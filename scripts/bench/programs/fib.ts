// @ts-nocheck: AssemblyScript, whose types TypeScript does not know.
/** Calls and little else: each of them takes a frame off the stack budget. */
function fib(n: i32): i32 {
  return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

export function run(): i32 {
  return fib(30);
}
