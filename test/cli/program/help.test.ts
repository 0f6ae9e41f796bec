import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { commands } from '../../../src/cli/commands/index.ts';
import { usageLine } from '../../../src/cli/program/help.ts';
import { run } from '../run.ts';

const help = suite('help');

for (const command of commands) {
  const { name, operands, options, examples, exits } = command;

  help(`${name} --help teaches all that the command declares`, async () => {
    const { code, stdout, stderr } = await run([name, '--help']);
    assert.is(code, 0);
    assert.is(stderr, '');
    assert.ok(stdout.startsWith(`Usage:\n  ${usageLine(command)}\n`));
    for (const text of operands) assert.match(stdout, `  ${text.name}`);
    for (const option of options) assert.match(stdout, `--${option.name}`);
    for (const meaning of Object.values(exits)) assert.match(stdout, meaning);
    assert.match(stdout, '-h, --help');
    assert.match(stdout, '--json');
    assert.ok(examples.length >= 2);
    for (const { line, meaning } of examples) assert.match(stdout, `  # ${meaning}\n  cc-lb-plugin ${line}\n`);
  });

  help(`help ${name} is the same`, async () => {
    assert.equal(await run(['help', name]), await run([name, '--help']));
  });

  help(`the examples of ${name} are calls of it`, () => {
    for (const { line } of examples) assert.is(line.split(' ')[0], name);
  });

  help(`the help of ${name} fits a terminal of 100 columns`, async () => {
    const { stdout } = await run([name, '--help']);
    assert.equal(
      stdout.split('\n').filter((line) => line.length > 100),
      [],
    );
  });
}

help('the program’s help fits a terminal of 100 columns', async () => {
  const { stdout } = await run(['--help']);
  assert.equal(
    stdout.split('\n').filter((line) => line.length > 100),
    [],
  );
});

help('colours titles where there is colour', async () => {
  assert.match((await run(['--help'], { color: true })).stdout, '\u001b[1mUsage:\u001b[22m');
});

help.run();
