// Compiles the kernels of the metering benchmark, AssemblyScript under scripts/bench/programs/, into memory.
import { readFile } from 'node:fs/promises';
import asc from 'assemblyscript/asc';

/** The kernels, in the order of the table: each is a file in this folder that exports `run(): i32`. */
export const kernelNames = [
  ...['fib', 'sort', 'json', 'sha256', 'fnv', 'xxhash', 'base64'],
  ...['matrix', 'mandelbrot', 'search', 'sieve', 'copy'],
];

const COMPILER_OPTIONS = ['--runtime', 'stub', '--use', 'abort=', '-O3'];
const FOLDER = new URL('./', import.meta.url);

/** @param {string} name */
async function compile(name) {
  let module = Buffer.alloc(0);
  const { error, stderr } = await asc.main([`${name}.ts`, '--outFile', 'module.wasm', ...COMPILER_OPTIONS], {
    readFile: (file) => readFile(new URL(file, FOLDER), 'utf8').catch(() => null),
    writeFile: (_file, contents) => {
      module = Buffer.from(contents);
    },
    listFiles: () => [],
  });
  if (error) throw new Error(`scripts/bench/programs/${name}.ts does not compile:\n${stderr.toString()}`);
  return { name, wasm: module.toString('base64') };
}

/**
 * Kernels, compiled: their modules in base64, to be handed to another process.
 * @param {readonly string[]} names some of `kernelNames`
 */
export async function compileKernels(names) {
  const kernels = [];
  for (const name of names) kernels.push(await compile(name));
  return kernels;
}
