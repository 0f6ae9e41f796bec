import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wat } from '../../support/wat.ts';
import { filterPlugin } from '../hook-files.ts';
import { documentOf, run } from '../run.ts';

const generation = suite('the generation of a plugin');

const ROUTER = 'fixture:router/router.wasm';
const HOOKS = 'hooks.wasm';
const files = { [HOOKS]: filterPlugin };

const refused: readonly (readonly [args: readonly string[], stderr: RegExp])[] = [
  [
    ['admit', HOOKS, '--host-capability', 'x'],
    /^error: --host-capability is for plugins of generation 1, but this is one of generation 2: .+\n\n.+ --help\n$/,
  ],
  [
    ['admit', ROUTER, '--slot', 'filter'],
    /^error: --slot is for plugins of generation 2, but this is one of generation 1: the handshake decides its slots\n/,
  ],
  [['inspect', ROUTER, '--slot=shape'], /^error: --slot is for plugins of generation 2/],
  [['dispatch', HOOKS, 'filter', '--host-capability', 'x'], /^error: --host-capability is for plugins of generation 1/],
  [['admit', HOOKS, '--host-functions'], /generation 2: a hook plugin imports nothing\n/],
  [['dispatch', HOOKS, 'filter', '--wire-version', 'v1'], /generation 2: the messages of a hook have one version\n/],
  [['dispatch', ROUTER, 'filter', '--slot', 'filter'], /^error: --slot is for plugins of generation 2/],
];
for (const [args, stderr] of refused) {
  generation(`decides whether an option is refused: ${args.join(' ')}`, async () => {
    const result = await run([...args, '--json'], { files });
    assert.is(result.code, 2);
    assert.match(result.stderr, stderr);
    // The cast: compared right here.
    assert.is((documentOf(result).error as { kind: string }).kind, 'OtherGeneration');
  });
}

generation('is in the JSON document of each command', async () => {
  const commands = [['admit'], ['inspect'], ['dispatch', 'filter']] as const;
  for (const [command, ...rest] of commands) {
    for (const [file, expected] of [
      [HOOKS, 2],
      [ROUTER, 1],
    ] as const) {
      const document = documentOf(await run([command, file, ...rest, '--json'], { files }));
      assert.is(document.generation, expected, `${command} ${file}`);
    }
  }
});

generation('is 1 for a module of neither, unless an option is for the other', async () => {
  const neither = { x: await wat('(module)') };
  assert.match((await run(['admit', 'x'], { files: neither })).stdout, 'rejected at layer identity');
  const { stdout } = await run(['admit', 'x', '--slot', 'filter'], { files: neither });
  assert.match(stdout, /rejected at inspect\n[\s\S]* {4}MissingMetadata: /);
  assert.not.ok('generation' in documentOf(await run(['inspect', 'x', '--json'], { files: neither })));
});

generation.run();
