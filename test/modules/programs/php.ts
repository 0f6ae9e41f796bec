import { importPackage, type Program } from '../program.ts';

interface Universal {
  readonly loadPHPRuntime: (loader: unknown) => Promise<number>;
  readonly PHP: new (
    runtime: number,
  ) => {
    readonly run: (request: { code: string }) => Promise<{ readonly text: string; readonly exitCode: number }>;
  };
}

/** `usleep` suspends the module: by a promise if the engine supports it, else by Asyncify. */
const PROGRAM = `<?php
  function fib($n) { return $n < 2 ? $n : fib($n - 1) + fib($n - 2); }
  try { intdiv(1, 0); } catch (Error $error) { $caught = $error->getMessage(); }
  $generator = (function () { for ($i = 1; ; $i++) yield $i ** 2; })();
  usleep(1000);
  preg_match_all('/[a-z]+/', 'the quick brown fox', $words);
  echo json_encode([fib(20), $caught, md5(str_repeat('x', 10000)), 
    array_sum(array_map(fn($i) => $i * $i % 7, range(1, 2000))),
    $words, sqrt(2), iterator_to_array(new LimitIterator($generator, 0, 4))]);`;

export async function start(): Promise<Program> {
  const { getPHPLoaderModule } = await importPackage<{ getPHPLoaderModule: () => Promise<unknown> }>(
    '@php-wasm/node-8-5',
  );
  const { loadPHPRuntime, PHP } = await importPackage<Universal>('@php-wasm/universal');
  const php = new PHP(await loadPHPRuntime(await getPHPLoaderModule()));
  const answer = async (code: string): Promise<string> => {
    const { text, exitCode } = await php.run({ code });
    return `${text} (exit code ${exitCode})`;
  };
  return {
    run: async () => [await answer(PROGRAM), await answer('<?php echo "bye"; exit(0);')].join('\n'),
    endless: () => php.run({ code: '<?php while (true) {}' }),
  };
}
