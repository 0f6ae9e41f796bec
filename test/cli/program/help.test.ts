import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { commands } from '../../../src/cli/commands/index.ts';
import { operandFlag, optionFlags, optionSummary, optionsOf } from '../../../src/cli/program/arguments.ts';
import { usageOf } from '../../../src/cli/program/program.ts';
import { run } from '../run.ts';

const help = suite('help');

/** A text without line ends and indents, which depend on the width of the help. */
const unwrapped = (text: string): string => text.replace(/\s+/g, ' ');

for (const command of commands) {
  const { name, summary, description, operands, examples, exits } = command;

  help(`${name} --help shows everything that the table says of it`, async () => {
    const { code, stdout, stderr } = await run([name, '--help']);
    assert.is(code, 0);
    assert.is(stderr, '');
    assert.ok(stdout.startsWith(`Usage: cc-lb-plugin ${name} ${usageOf(command)}\n`), stdout);
    const shown = unwrapped(stdout);
    const rows = [
      unwrapped(description.join(' ')),
      ...Object.entries(operands).map((operand) => `${operand[0]} ${operand[1].summary}`),
      ...Object.entries(optionsOf(command)).map((option) => `${optionFlags(...option)} ${optionSummary(option[1])}`),
      ...Object.entries(exits).map((exit) => exit.join(' ')),
      ...examples.map(({ line, meaning }) => `# ${meaning} cc-lb-plugin ${line}`),
    ];
    for (const row of rows) assert.ok(shown.includes(row), row);
    for (const { choices = [] } of [...Object.values(operands), ...Object.values(optionsOf(command))]) {
      for (const choice of choices) assert.ok(shown.includes(`"${choice}"`), choice);
    }
  });

  help(`help ${name} prints the same`, async () => {
    assert.equal(await run(['help', name]), await run([name, '--help']));
  });

  help(`the examples of ${name} call it`, () => {
    assert.ok(examples.length >= 2);
    for (const { line } of examples) assert.is(line.split(' ')[0], name);
  });

  help(`the program's help lists ${name}`, async () => {
    const shown = Object.entries(operands).map((operand) => operandFlag(...operand));
    const row = [name, '[options]', ...shown, summary].join(' ');
    const { stdout } = await run(['--help']);
    assert.ok(unwrapped(stdout).includes(row), row);
  });
}

for (const args of [['--help'], ...commands.map(({ name }) => [name, '--help'])]) {
  help(`${args.join(' ')} fits a terminal of 100 columns`, async () => {
    const { stdout } = await run(args);
    assert.equal(
      stdout.split('\n').filter((line) => line.length > 100),
      [],
    );
  });
}

help('titles are coloured only where there is colour', async () => {
  const title = '\u001b[1mUsage:\u001b[22m';
  assert.match((await run(['--help'], { color: true })).stdout, title);
  assert.match((await run([], { color: true })).stderr, title);
  for (const args of [['--help'], ['admit', '--help']]) assert.not.match((await run(args)).stdout, '\u001b');
});

help.run();
