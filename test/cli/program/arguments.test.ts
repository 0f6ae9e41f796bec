import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { asksForJson } from '../../../src/cli/program/arguments.ts';
import { defineCommand, EXIT } from '../../../src/cli/program/command.ts';
import { runProgram } from '../../../src/cli/program/program.ts';
import { recordedIo } from '../recorded-io.ts';

/** What a command got, or the first line that the program printed on standard error. */
async function parse(args: readonly string[]): Promise<object | string> {
  let reading: object = {};
  const weigh = defineCommand({
    name: 'weigh',
    summary: 'Weighs',
    description: [],
    operands: {
      FILE: { summary: 'what to weigh' },
      UNIT: { summary: 'the unit', choices: ['a', 'gram', '-a'] },
      NOTE: { summary: 'what to note', optional: true },
    },
    options: {
      cap: { value: 'NAME', repeatable: true, summary: 'a capability' },
      'from-what': { value: 'PLACE', formerly: 'source', summary: 'where from' },
      request: { short: 'r', value: 'FILE', summary: 'a request' },
      'to-what': { value: 'PLACE', choices: ['paper', 'screen'], default: 'screen', summary: 'where to' },
      quiet: { short: 'q', summary: 'say less' },
    },
    exits: { 0: 'weighed', 1: 'too heavy', 2: 'nothing to weigh' },
    examples: [],
    run: async (given) => {
      reading = given;
      return EXIT.ok;
    },
  });
  const io = recordedIo();
  const code = await runProgram({ commands: [weigh], version: '' }, ['weigh', ...args], io);
  if (io.printed.stdout.startsWith('Usage: ')) return 'help';
  return code === EXIT.ok ? reading : `${io.printed.stderr.split('\n')[0]}`;
}

const reads = suite('the arguments of a command');

const defaults = {
  NOTE: undefined,
  cap: [],
  'from-what': undefined,
  request: undefined,
  'to-what': 'screen',
  quiet: false,
  json: false,
};
const accepted: readonly (readonly [args: readonly string[], reading: object])[] = [
  [['x', 'a'], {}],
  [['--cap', 'x', 'x', '--cap=y', 'a', '--cap', 'x'], { cap: ['x', 'y', 'x'] }],
  [['x', '--request', '-', 'a'], { request: '-' }],
  [['x', 'a', '--request=-x'], { request: '-x' }],
  [['x', 'a', '-r-x'], { request: '-x' }],
  [['x', 'a', '--request='], { request: '' }],
  [['x', 'a', '--to-what', 'paper'], { 'to-what': 'paper' }],
  [['x', 'a', '-q', '--json'], { quiet: true, json: true }],
  [['x', 'a', '--quiet', '--quiet'], { quiet: true }],
  [['--', '--json', '-a'], { FILE: '--json', UNIT: '-a' }],
  [['-', 'a'], { FILE: '-' }],
  [['', 'a'], { FILE: '' }],
  [['x', 'a', 'n'], { NOTE: 'n' }],
];

for (const [args, expected] of accepted) {
  reads(`are read from ${JSON.stringify(args)}`, async () => {
    assert.equal(await parse(args), { FILE: 'x', UNIT: 'a', ...defaults, ...expected });
  });
}

const asksForHelp = [['--help'], ['-h'], ['x', '--nonsense', '--help'], ['-qh'], ['x', 'a', 'c', 'd', '-h']];
for (const args of asksForHelp) {
  reads(`ask for help: ${args.join(' ')}`, async () => assert.is(await parse(args), 'help'));
}

const refused: readonly (readonly [args: readonly string[], message: string])[] = [
  [[], "missing required argument 'FILE'"],
  [['x'], "missing required argument 'UNIT'"],
  [['x', 'a', 'c', 'd'], "too many arguments for 'weigh'. Expected 3 arguments but got 4."],
  [['x', 'grm'], "UNIT is 'grm', but must be one of a, gram, -a (Did you mean gram?)"],
  [['x', 'a', '--jsn'], "unknown option '--jsn' (Did you mean --json?)"],
  [['x', 'a', '--zebra=1'], "unknown option '--zebra=…'"],
  [['x', 'a', '-x'], "unknown option '-x'"],
  [['x', 'a', '--\u001b\n(Did you mean fish?)'], "unknown option '--\\u{1b}\\n(Did you mean fish?)'"],
  [['x', 'a', '--cap'], "option '--cap <NAME>' argument missing"],
  [
    ['x', '--cap', '--json', 'a'],
    "--cap needs a value, and '--json' looks like an option; if it is the value, write --cap=--json",
  ],
  [['x', 'a', '--source', 'b'], '--source has another name now: write --from-what b'],
  [['x', 'a', '--source=b'], '--source has another name now: write --from-what b'],
  [['x', 'a', '--source'], '--source has another name now: write --from-what'],
  [['x', 'a', '--json=1'], "unknown option '--json=…' (Did you mean --json?)"],
  [['x', 'a', '--request', 'x', '--request=y'], '--request is given more than once'],
  [['x', 'a', '--request', 'x', '-r', 'x'], '--request is given more than once'],
  [['x', 'a', '--to-what', 'skreen'], "--to-what is 'skreen', but must be one of paper, screen (Did you mean screen?)"],
];

for (const [args, message] of refused) {
  reads(`are refused: ${JSON.stringify(args)}`, async () => assert.is(await parse(args), `error: ${message}`));
}

reads('collects an operand that may be given more than once, and needs one', async () => {
  const given: unknown[] = [];
  const count = defineCommand({
    name: 'count',
    summary: 'Counts',
    description: [],
    operands: { FILE: { summary: 'what to count', repeatable: true } },
    options: {},
    exits: { 0: 'counted', 1: 'too many', 2: 'nothing to count' },
    examples: [],
    run: async ({ FILE }) => {
      given.push(FILE);
      return EXIT.ok;
    },
  });
  const io = recordedIo();
  for (const args of [['a'], ['b', '--json', '-', 'b'], []])
    await runProgram({ commands: [count], version: '' }, ['count', ...args], io);
  assert.equal(given, [['a'], ['b', '-', 'b']]);
  assert.match(io.printed.stderr, /^error: missing required argument 'FILE'\n/);
});

reads.run();

const json = suite('asksForJson');

json('finds --json anywhere before --', () => {
  assert.ok(asksForJson(['admit', '--cap', 'x', '--json']));
  assert.not.ok(asksForJson(['admit', '--', '--json']));
  assert.not.ok(asksForJson(['admit', '--jsonx']));
});

json.run();
