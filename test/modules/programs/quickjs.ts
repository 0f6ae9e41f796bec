import { importPackage, type Program } from '../program.ts';

interface Core {
  readonly newQuickJSWASMModuleFromVariant: (
    variant: unknown,
  ) => Promise<{ readonly evalCode: (code: string) => unknown }>;
}

const PROGRAM = `
  const fib = (n) => (n < 2 ? n : fib(n - 1) + fib(n - 2));
  const caught = (of) => { try { of(); } catch (error) { return String(error); } };
  ({
    fib: fib(21),
    sorted: Array.from({ length: 500 }, (_, i) => (i * 7919) % 500).sort((a, b) => a - b).slice(-3),
    caught: [caught(() => null.x), caught(() => undefinedName)],
    text: 'the quick brown fox'.replace(/[aeiou]/g, (vowel) => vowel.toUpperCase()),
    big: String(2n ** 200n),
  });`;

export async function start(): Promise<Program> {
  const variant = await importPackage<{ default: unknown }>('@jitl/quickjs-wasmfile-release-sync');
  const core = await importPackage<Core>('quickjs-emscripten-core');
  const quickJs = await core.newQuickJSWASMModuleFromVariant(variant.default);
  return {
    run: () => JSON.stringify(quickJs.evalCode(PROGRAM)),
    endless: () => quickJs.evalCode('for (;;);'),
  };
}
