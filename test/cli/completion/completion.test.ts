// The completion scripts, in the shells that they are for.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { completionCommand } from '../../../src/cli/commands/completion.ts';
import { commands } from '../../../src/cli/commands/index.ts';
import { completedCommands } from '../../../src/cli/completion/completed-commands.ts';
import { zshCompletion } from '../../../src/cli/completion/zsh.ts';
import { recordedIo } from '../recorded-io.ts';
import { documentOf, run } from '../run.ts';
import { shells } from './shells.ts';

const completion = suite('completion');

const folder = mkdtempSync(join(tmpdir(), 'cc-lb-completion-'));
const modules = ['$(touch stolen).wasm', '`touch stolen`.wasm', "it's.wasm", 'plugin.wasm', 'with space.wasm'];
const files = [...modules, 'a=b.json', 'notes.json'];

completion.before(() => {
  mkdirSync(join(folder, 'files/sub'), { recursive: true });
  for (const file of [...files, 'sub/deep.wasm', 'sub/c:d e.wasm']) writeFileSync(join(folder, 'files', file), '');
});
completion.after(() => rmSync(folder, { recursive: true }));

const sorted = (...texts: readonly string[]): string[] => [...texts].sort();

completion('of a flag that may be given more than once, by its letter too, takes it again in zsh', () => {
  const option = { name: 'quiet', short: 'q', summary: 'say less', repeatable: true };
  const script = zshCompletion([{ name: 'run', summary: '', operands: [], options: [option] }]);
  assert.match(script, "'*'{-q,--quiet}'[say less]'");
});

/** The table, and a command whose last operand may be given more than once. */
const table = [
  ...commands,
  ...commands
    .filter(({ name }) => name === 'dispatch')
    .map((command) => {
      const { REQUEST, ...others } = command.operands;
      return {
        ...command,
        name: 'several',
        operands: { ...others, REQUEST: { summary: '', repeatable: true } } as const,
      };
    }),
];
const names = [...table.map(({ name }) => name), 'help'];

/** What is typed after the name of the program, and what is offered for its last word. */
const rows: readonly (readonly [typed: string, offered: readonly string[]])[] = [
  ['', sorted(...names)],
  ['ad', ['admit']],
  ['--', sorted('--help', '--version')],
  ['unknown ', []],
  ['help pre', ['prepare']],
  ['completion ', sorted('bash', 'zsh', 'fish')],
  ['admit --host-', sorted('--host-capability', '--host-functions')],
  ['admit --metered', []],
  ['inspect --m', ['--metered']],
  ['admit ', sorted(...modules, 'sub')],
  ['admit pl', ['plugin.wasm']],
  ['admit sub/de', ['sub/deep.wasm']],
  ['admit with\\ s', ['with space.wasm']],
  ['admit "with s', ['with space.wasm']],
  ["admit 'with s", ['with space.wasm']],
  ['admit -- p', ['plugin.wasm']],
  ['admit --slot ', sorted('filter', 'shape')],
  ['admit --slot s', ['shape']],
  ['admit --slot=s', ['shape']],
  ['admit --slot=', sorted('filter', 'shape')],
  ['admit --slot shape pl', ['plugin.wasm']],
  ['admit --slot=shape pl', ['plugin.wasm']],
  ['admit --json pl', ['plugin.wasm']],
  ['admit --host-capability ', []],
  ['admit --host-capability admit pl', ['plugin.wasm']],
  ['dispatch plugin.wasm tr', sorted('transform_response', 'transform_sse_event')],
  ['dispatch --limit calls=9 plugin.wasm obs', ['observe']],
  ['dispatch plugin.wasm filter no', ['notes.json']],
  ['dispatch plugin.wasm --request=no', ['notes.json']],
  ['conformance plugin.wasm --reporter j', sorted('json', 'junit')],
  ['conformance plugin.wasm -o no', ['notes.json']],
  ['vectors --dir ', ['sub']],
  ['vectors --layer fuel --layer ker', ['kernel']],
  ['identity --version 1 pl', ['plugin.wasm']],
  ['several pl', ['plugin.wasm']],
  ['several plugin.wasm obs', ['observe']],
  ['several plugin.wasm observe --json notes.json no', ['notes.json']],
  ["admit '$(touch", ['$(touch stolen).wasm']],
];

/** Lines that hold commands. */
const thefts = ['$(touch stolen)', '`touch stolen`', '"$(touch stolen)', '--request=$(touch stolen)', '$(touch st'].map(
  (word) => `dispatch ${word}`,
);

for (const shell of shells) {
  const missing = shell.missing();
  if (missing !== undefined) {
    console.log(`skipped: completion in ${shell.name}: ${missing}`);
    continue;
  }
  const script = join(folder, shell.name);
  let offered: string[][] = [];

  completion.before(async () => {
    const io = recordedIo();
    await completionCommand(() => table).run({ SHELL: shell.name, json: false }, io);
    writeFileSync(script, io.printed.stdout);
    const lines = [...rows.map(([typed]) => typed), ...thefts].map((typed) => `cc-lb-plugin ${typed}`);
    offered = shell.complete(script, lines, join(folder, 'files'));
  });

  for (const [index, [typed, expected]] of rows.entries()) {
    completion(`${shell.name} completes '${typed}'`, () => assert.equal(offered[index], expected));
  }

  completion(`${shell.name} runs nothing of a line or of the name of a file`, () => {
    assert.is(offered.length, rows.length + thefts.length);
    assert.equal(readdirSync(join(folder, 'files')).sort(), sorted(...files, 'sub'));
  });
}

completion('fish takes a word over two lines as one word', () => {
  const fish = shells.find(({ name }) => name === 'fish');
  if (fish === undefined || fish.missing() !== undefined) return console.log(`skipped: lines: ${fish?.missing()}`);
  // Throws if fish says anything on standard error.
  assert.is(fish.complete(join(folder, 'fish'), ['cc-lb-plugin admit sub\\\n/c'], join(folder, 'files')).length, 1);
});

completion('bash gets what follows a colon or an equals sign, where it begins a word', () => {
  const bash = shells.find(({ name }) => name === 'bash');
  if (bash === undefined || bash.missing() !== undefined) return console.log(`skipped: colons: ${bash?.missing()}`);
  const lines = ['admit sub/c:d', 'admit sub/c:', 'admit "sub/c:', 'dispatch f observe a=', 'dispatch --request=a=b'];
  assert.equal(
    bash.complete(
      join(folder, 'bash'),
      lines.map((line) => `cc-lb-plugin ${line}`),
      join(folder, 'files'),
    ),
    [['d e.wasm'], ['d e.wasm'], ['sub/c:d e.wasm'], ['b.json'], ['b.json']],
  );
});

completion('the document has the script', async () => {
  const { stdout: script } = await run(['completion', 'zsh']);
  assert.equal(documentOf(await run(['completion', 'zsh', '--json'])), { version: 1, shell: 'zsh', script });
});

completion('no word of the table needs quotes in a shell', () => {
  const words = completedCommands(commands).flatMap(({ name, operands, options }) => [
    name,
    ...options.map((option) => option.name),
    ...[...operands, ...options.flatMap(({ value }) => value ?? [])].flatMap(({ offer }) =>
      offer.kind === 'words' ? offer.words : [],
    ),
  ]);
  assert.equal(
    words.filter((word) => !/^[a-z0-9][\w-]*$/.test(word)),
    [],
  );
});

completion.run();
