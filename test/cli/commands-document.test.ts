// The table of commands, docs/COMMANDS.md, and the calls of the program in other documents agree.
import { readdirSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { commandsDocument } from '../../scripts/commands.ts';
import { commands } from '../../src/cli/commands/index.ts';
import { EXIT } from '../../src/cli/program/command.ts';
import { runProgram } from '../../src/cli/program/program.ts';
import { recordedIo } from './recorded-io.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const documents = [
  'README.md',
  ...readdirSync(new URL('docs/', root))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/**
 * The calls of the program in a text: lines of code blocks, and code within lines. A call ends at a
 * pipe, redirection or comment. Usage lines, which hold `<`, `[` or `...`, are not calls. Single
 * quotes hold a word together.
 */
function callsIn(text: string): string[][] {
  const calls = text.matchAll(/^(?:npx )?cc-lb-plugin ([^|#>\n]+)|`(?:npx )?cc-lb-plugin ([^`|#>]+)`/gm);
  const lines = [...calls].map(([, line = '', code = '']) => (line + code).trim());
  return lines.filter((line) => !/<|\[|\.\.\.|COMMAND/.test(line)).map(wordsOf);
}

function wordsOf(line: string): string[] {
  return (line.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^'(.*)'$/, '$1'));
}

/** What the program prints on standard error for a call when no command does anything. */
async function refusal(call: readonly string[]): Promise<string> {
  const idle = commands.map((command) => ({ ...command, run: async () => EXIT.ok }));
  const io = recordedIo();
  // A document may name a command without its arguments.
  const isName = call.length === 1 && commands.some(({ name }) => name === call[0]);
  const code = isName ? EXIT.ok : await runProgram({ commands: idle, version: '' }, call, io);
  return code === EXIT.ok ? '' : `${call.join(' ')}: ${io.printed.stderr}`;
}

const document = suite('the documents of the command line');

document('docs/COMMANDS.md is what npm run commands writes', () => {
  assert.is(read('docs/COMMANDS.md'), commandsDocument());
});

document('calls are found in code blocks and in code within lines', () => {
  const block =
    "```sh\nnpx cc-lb-plugin a 'b c' --c | jq .d\ncc-lb-plugin <e>\ncc-lb-plugin e [f]\ncc-lb-plugin e > f\n```\n";
  const text = `${block}see \`cc-lb-plugin f g\`, cc-lb-plugin h\n`;
  assert.equal(callsIn(text), [['a', 'b c', '--c'], ['e'], ['f', 'g']]);
});

document('a call that the table does not allow is refused', async () => {
  assert.match(await refusal(['admit', 'x', '--metered']), "unknown option '--metered'");
  assert.match(await refusal(['admits', 'x']), "unknown command 'admits'");
});

for (const path of documents) {
  const calls = callsIn(read(path));
  document(`the ${calls.length} calls in ${path} fit the table`, async () => {
    const refusals = await Promise.all(calls.map(refusal));
    assert.equal(
      refusals.filter((text) => text !== ''),
      [],
    );
  });
}

document('README.md calls the program', () => assert.ok(callsIn(read('README.md')).length > 0));

document.run();
