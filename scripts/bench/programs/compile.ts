// Compiles the programs of the metering benchmark, AssemblyScript under scripts/bench/programs/,
// into memory.
import { readFile } from 'node:fs/promises';
import asc from 'assemblyscript/asc';

/**
 * The programs, in the order of the table. Each is a file in this folder that exports `run(): i32`.
 */
export const programNames: readonly string[] = [
  ...['fib', 'sort', 'json', 'sha256', 'fnv', 'xxhash', 'base64'],
  ...['matrix', 'mandelbrot', 'search', 'sieve', 'copy'],
];

const COMPILER_OPTIONS = ['--runtime', 'stub', '--use', 'abort=', '-O3'];
const FOLDER = new URL('./', import.meta.url);

/** A compiled program. */
export interface CompiledProgram {
  readonly name: string;
  /** The module in base64, so that it can be sent to another process. */
  readonly wasm: string;
}

async function compile(name: string): Promise<CompiledProgram> {
  let module: Uint8Array = new Uint8Array();
  const { error, stderr } = await asc.main([`${name}.ts`, '--outFile', 'module.wasm', ...COMPILER_OPTIONS], {
    readFile: (file) => readFile(new URL(file, FOLDER), 'utf8').catch(() => null),
    writeFile: (_file, contents) => {
      module = Buffer.from(contents);
    },
    listFiles: () => [],
  });
  if (error) throw new Error(`scripts/bench/programs/${name}.ts does not compile:\n${stderr.toString()}`);
  return { name, wasm: Buffer.from(module).toString('base64') };
}

/**
 * Compiles programs.
 *
 * @param names some of {@link programNames}.
 * @returns the programs, in the order of the names.
 * @throws {Error} if one does not compile.
 */
export async function compilePrograms(names: readonly string[]): Promise<CompiledProgram[]> {
  const programs: CompiledProgram[] = [];
  for (const name of names) programs.push(await compile(name));
  return programs;
}
