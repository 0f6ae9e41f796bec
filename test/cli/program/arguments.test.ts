import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { asksForJson, parseArguments } from '../../../src/cli/program/arguments.ts';
import { type Command, EXIT } from '../../../src/cli/program/command.ts';
import { CommandLineError, type CommandLineFailure } from '../../../src/cli/program/command-line-error.ts';

const command: Command = {
  name: 'weigh',
  summary: 'Weighs',
  description: [],
  operands: [
    { name: 'FILE', summary: 'what to weigh' },
    { name: 'UNIT', summary: 'in which unit' },
  ],
  options: [
    { name: 'cap', value: 'NAME', repeatable: true, summary: 'a capability' },
    { name: 'request', value: 'FILE', summary: 'a request' },
    { name: 'quiet', short: 'q', summary: 'say less' },
  ],
  exits: { 0: 'weighed', 1: 'too heavy', 2: 'nothing to weigh' },
  examples: [],
  run: async () => EXIT.ok,
};

const parse = suite('parseArguments');

interface Reading {
  readonly operands: readonly string[];
  readonly cap: readonly string[];
  readonly request: string | undefined;
  readonly flags: readonly string[];
}

const accepted: readonly (readonly [args: readonly string[], reading: Partial<Reading>])[] = [
  [['a', 'b'], {}],
  [['--cap', 'x', 'a', '--cap=y', 'b', '--cap', 'x'], { cap: ['x', 'y', 'x'] }],
  [['a', '--request', '-', 'b'], { request: '-' }],
  [['a', 'b', '--request=-x'], { request: '-x' }],
  [['a', 'b', '--request='], { request: '' }],
  [['a', 'b', '-q', '--json'], { flags: ['quiet', 'json'] }],
  [['a', 'b', '--quiet', '--quiet'], { flags: ['quiet'] }],
  [['--', '-a', '--json'], { operands: ['-a', '--json'] }],
  [['-', ''], { operands: ['-', ''] }],
];

for (const [args, expected] of accepted) {
  parse(`reads ${args.join(' ')}`, () => {
    const parsed = parseArguments(command, args);
    if (parsed === 'help') throw new Error('read as a call for help');
    const reading: Reading = {
      operands: ['FILE', 'UNIT'].map((name) => parsed.operand(name)),
      cap: parsed.values('cap'),
      request: parsed.value('request'),
      flags: ['quiet', 'json'].filter((name) => parsed.flag(name)),
    };
    assert.equal(reading, { operands: ['a', 'b'], cap: [], request: undefined, flags: [], ...expected });
  });
}

const asksForHelp: readonly (readonly string[])[] = [
  ['--help'],
  ['-h'],
  ['a', '--nonsense', '--help'],
  ['-qh'],
  ['a', 'b', 'c', '-h'],
];
for (const args of asksForHelp) {
  parse(`takes ${args.join(' ')} for a call for help`, () => {
    assert.is(parseArguments(command, args), 'help');
  });
}

parse('takes --help after -- for an operand', () => {
  assert.is.not(parseArguments(command, ['--', '--help', 'b']), 'help');
});

const usage = 'cc-lb-plugin weigh FILE UNIT [--cap NAME]... [--request FILE] [--quiet] [--json]';

const refused: readonly (readonly [args: readonly string[], failure: CommandLineFailure, message: string])[] = [
  [[], { kind: 'MissingOperand', operand: 'FILE', summary: 'what to weigh' }, 'FILE is missing: what to weigh'],
  [['a'], { kind: 'MissingOperand', operand: 'UNIT', summary: 'in which unit' }, 'UNIT is missing: in which unit'],
  [
    ['a', 'b', 'c\u001b'],
    { kind: 'ExtraOperand', given: 'c\u001b', usage },
    `'c\\u{1b}' is one argument too many; the usage is ${usage}`,
  ],
  [
    ['a', 'b', '--jsn'],
    { kind: 'UnknownOption', given: '--jsn', nearest: '--json' },
    'there is no option --jsn; did you mean --json?',
  ],
  [
    ['a', 'b', '--zebra=1'],
    { kind: 'UnknownOption', given: '--zebra', nearest: undefined },
    'there is no option --zebra',
  ],
  [['a', 'b', '-x'], { kind: 'UnknownOption', given: '-x', nearest: undefined }, 'there is no option -x'],
  [
    ['a', 'b', '--cap'],
    { kind: 'MissingValue', option: '--cap', value: 'NAME', next: undefined },
    '--cap needs a value: --cap NAME',
  ],
  [
    ['a', '--cap', '--json', 'b'],
    { kind: 'MissingValue', option: '--cap', value: 'NAME', next: '--json' },
    "--cap needs a value, and '--json' looks like an option; if it is the value, write --cap=--json",
  ],
  [['a', 'b', '--json=1'], { kind: 'UnexpectedValue', option: '--json' }, '--json takes no value'],
  [
    ['a', 'b', '--request', 'x', '--request=y'],
    { kind: 'RepeatedOption', option: '--request' },
    '--request is given more than once',
  ],
];

for (const [args, failure, message] of refused) {
  parse(`refuses ${JSON.stringify(args)}`, () => {
    try {
      parseArguments(command, args);
    } catch (error) {
      assert.instance(error, CommandLineError);
      // The line before has checked it.
      assert.equal((error as CommandLineError).failure, failure);
      assert.is((error as CommandLineError).message, message);
      return;
    }
    assert.unreachable('accepted');
  });
}

parse.run();

const json = suite('asksForJson');

json('finds --json anywhere before --', () => {
  assert.ok(asksForJson(['admit', '--cap', 'x', '--json']));
  assert.not.ok(asksForJson(['admit', '--', '--json']));
  assert.not.ok(asksForJson(['admit', '--jsonx']));
});

json.run();
