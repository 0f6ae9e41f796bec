import { readFileSync } from 'node:fs';
import { importPackage, type Program, packageFile } from '../program.ts';

interface Wasi {
  readonly WASI: new (args: readonly string[], env: readonly string[], files: readonly object[]) => object;
  readonly File: new (data: readonly number[]) => object;
  readonly OpenFile: new (file: object) => object;
  readonly ConsoleStdout: { readonly lineBuffered: (write: (line: string) => void) => object };
  readonly PreopenDirectory: new (name: string, contents: ReadonlyMap<string, object>) => object;
}

interface Ruby {
  readonly RubyVM: {
    readonly instantiateModule: (options: { module: WebAssembly.Module; wasip1: object }) => Promise<{
      readonly vm: { readonly eval: (code: string) => object };
    }>;
  };
}

/** Exceptions and `throw` unwind by `setjmp`, which Asyncify implements in this module. */
const PROGRAM = `
  def fib(n) = n < 2 ? n : fib(n - 1) + fib(n - 2)
  message = begin
    1 / 0
  rescue => error
    error.message
  end
  words = "the quick brown fox".scan(/[a-z]+/).sort_by { |word| [-word.size, word] }
  numbers = Enumerator.new { |y| n = 0; loop { y << (n += 3) } }
  [fib(20), message, catch(:found) { throw :found, 7 }, words, numbers.take(4),
   format("%.6f", Math.sqrt(2)), 2**100].inspect`;

export async function start(): Promise<Program> {
  const { RubyVM } = await importPackage<Ruby>('@ruby/wasm-wasi');
  const wasi = await importPackage<Wasi>('@bjorn3/browser_wasi_shim');
  const console = () => wasi.ConsoleStdout.lineBuffered(() => undefined);
  const files = [new wasi.OpenFile(new wasi.File([])), console(), console(), new wasi.PreopenDirectory('/', new Map())];
  const module = await WebAssembly.compile(readFileSync(packageFile('@ruby/3.3-wasm-wasi/dist/ruby.wasm')));
  const { vm } = await RubyVM.instantiateModule({ module, wasip1: new wasi.WASI([], [], files) });
  return {
    run: () => String(vm.eval(PROGRAM)),
    endless: () => vm.eval('loop { }'),
  };
}
