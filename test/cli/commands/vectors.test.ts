import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { commands } from '../../../src/cli/commands/index.ts';
import { runProgram } from '../../../src/cli/program/program.ts';
import type { LineProgram } from '../../../src/conformance/index.ts';
import { withSlowStart } from '../clocks.ts';
import { recordedIo } from '../recorded-io.ts';
import { documentOf, type Run, run } from '../run.ts';

const vectors = suite('vectors');

/** A folder with two vectors: this package passes the first and fails the second. */
const FOLDER = {
  'mine/identity.json': JSON.stringify({
    layer: 'identity',
    about: 'a test',
    vectors: [
      {
        id: 'identity/short',
        rule: 'I-1',
        wasm: [{ hex: '00' }],
        ends: { layer: 'identity', error: { kind: 'WasmParseError' } },
      },
      { id: 'identity/wrong', rule: 'I-2', wasm: [], ends: { response: '{}' } },
    ],
  }),
};

const mine = (...args: readonly string[]): Promise<Run> =>
  run(['vectors', '--dir', 'mine', '--layer', 'identity', ...args], { files: FOLDER, programs });

/** Answers every vector with the same line, but for its id. */
const answering = (rest: string) => (): LineProgram => {
  const waiting: string[] = [];
  return {
    send: (line) => waiting.push(`{"id":${JSON.stringify(JSON.parse(line).id)},${rest}}`),
    receive: async () => {
      const line = waiting.shift();
      return line === undefined ? { none: 'the driver ended with exit code 7' } : { line };
    },
    end: async () => undefined,
  };
};

const programs = {
  right: answering('"ends":[{"layer":"identity","error":{"kind":"WasmParseError"}}]'),
  poor: answering('"unsupported":"no identity"'),
};

vectors('runs the vectors of this package on itself', async () => {
  const { code, stdout, stderr } = await run(['vectors', '--layer', 'identity', '--layer', 'offers']);
  assert.is(stderr, '');
  assert.match(
    stdout,
    /^Test vectors on this package\n {2}layer +passed +failed +unsupported\n {2}identity +\d+ +0 +0\n/,
  );
  assert.match(stdout, /\n {2}offers +\d+ +0 +0\n {2}all +\d+ +0 +0\n$/);
  assert.is(code, 0);
});

vectors('a vector that fails is named with its rule and the difference', async () => {
  const { code, stdout } = await mine();
  const reason = 'response is nothing (it failed: identity, WasmParseError), expected "{}"';
  const failed = `\nFailed\n  identity/wrong abi/PROTOCOL.md#I-2\n    ${reason}\n`;
  assert.ok(stdout.endsWith(failed), stdout);
  assert.is(code, 1);
});

vectors('an id and a rule cannot drive the terminal', async () => {
  const vector = { id: 'identity/\u001b[31m', rule: 'I-\u001b[2J', wasm: [], ends: { response: '' } };
  const two = [vector, { ...vector, id: 'identity/two' }];
  const files = { 'mine/identity.json': JSON.stringify({ layer: 'identity', about: '', vectors: two }) };
  const args = ['vectors', '--dir', 'mine', '--layer', 'identity'];
  const io = recordedIo({ files });
  const terminal = { ...io, stderr: { ...io.stderr, erasesLines: true } };
  assert.is(await withSlowStart(() => runProgram({ commands, version: '' }, args, terminal)), 1);
  assert.match(io.printed.stderr, '\r\u001b[K1/2 identity/\\u{1b}[31m');
  assert.match(io.printed.stdout, '  identity/\\u{1b}[31m abi/PROTOCOL.md#I-\\u{1b}[2J\n');
});

vectors('--id runs only some', async () => {
  const { code, stdout } = await mine('--id', 'short');
  assert.match(stdout, /\n {2}all +1 +0 +0\n$/);
  assert.is(code, 0);
});

vectors('--driver runs them on another host', async () => {
  const { code, stdout } = await mine('--driver', 'right', '--id', 'short');
  assert.match(stdout, /^Test vectors on right\n/);
  assert.is(code, 0);
});

vectors('--timeout is how long a driver may take', async () => {
  const times: number[] = [];
  const slow = (): LineProgram => ({
    send: () => undefined,
    receive: async (timeoutMs) => {
      times.push(timeoutMs);
      return { none: 'nothing came' };
    },
    end: async () => undefined,
  });
  const args = ['vectors', '--dir', 'mine', '--layer', 'identity', '--id', 'short', '--driver', 'slow'];
  await run([...args, '--timeout', '5'], { files: FOLDER, programs: { slow } });
  await run(args, { files: FOLDER, programs: { slow } });
  assert.equal(times, [5, 10_000]);
});

vectors('what the host lacks is counted by itself, and fails nothing', async () => {
  const { code, stdout } = await mine('--driver', 'poor');
  assert.match(stdout, /\n {2}all +0 +0 +2\n\nUnsupported\n {2}2 {2}no identity\n$/);
  assert.is(code, 0);
});

vectors('--json has the result of each vector', async () => {
  const result = await mine('--json');
  assert.equal(documentOf(result), {
    host: 'this package',
    version: 1,
    passed: 1,
    failed: 1,
    unsupported: 0,
    layers: [{ layer: 'identity', passed: 1, failed: 1, unsupported: 0 }],
    vectors: [
      { id: 'identity/short', layer: 'identity', rule: 'I-1', status: 'passed' },
      {
        id: 'identity/wrong',
        layer: 'identity',
        rule: 'I-2',
        status: 'failed',
        reason: 'response is nothing (it failed: identity, WasmParseError), expected "{}"',
      },
    ],
  });
});

vectors('--reporter junit writes a suite for each layer', async () => {
  const { written } = await mine('--reporter', 'junit', '-o', 'out.xml');
  const xml = new TextDecoder().decode(written.get('out.xml'));
  assert.match(xml, /<testsuites name="test vectors for hosts" tests="2" failures="1" skipped="0">/);
  assert.match(xml, /<testcase name="identity\/short" classname="identity"\/>/);
  assert.match(
    xml,
    /<failure message="response is nothing \(.+\), expected &quot;\{\}&quot;" type="I-2">abi\/PROTOCOL\.md#I-2</,
  );
  const { stdout } = await mine('--reporter', 'junit', '--driver', 'poor');
  assert.match(stdout, /<skipped message="no identity"\/>/);
});

vectors('-o writes the report of the vectors of this package too', async () => {
  const { code, written, stdout } = await run(['vectors', '--layer', 'offers', '-o', 'out.txt']);
  assert.match(new TextDecoder().decode(written.get('out.txt')), /^Test vectors on this package\n/);
  assert.equal([code, stdout], [0, '']);
});

vectors('a folder without a vector ends with 2', async () => {
  const files = { 'none/identity.json': '{"layer":"identity","about":"","vectors":[]}' };
  const { code, stderr } = await run(['vectors', '--dir', 'none', '--layer', 'identity'], { files });
  assert.is(code, 2);
  assert.match(stderr, /--id is ''/);
});

const refused: readonly (readonly [string, readonly string[], RegExp])[] = [
  [
    'a folder without the file',
    ['vectors', '--dir', 'other', '--layer', 'json'],
    /cannot read other\/json\.json: no such/,
  ],
  ['a layer that does not exist', ['vectors', '--layer', 'kernels'], /--layer/],
  [
    'an id that no vector has',
    ['vectors', '--layer', 'identity', '--id', 'nothing/like/it'],
    /--id is 'nothing\/like\/it'/,
  ],
  ['a driver without a command', ['vectors', '--driver', ' '], /--driver is ' '/],
  ['a time that is not one', ['vectors', '--timeout', '0'], /--timeout is '0'/],
  ['a time that no timer knows', ['vectors', '--timeout', '2147483648'], /from 1 to 2147483647/],
  ['--json beside another reporter', ['vectors', '--json', '--reporter', 'junit'], /--reporter/],
];

for (const [what, args, message] of refused)
  vectors(`${what} ends with 2`, async () => {
    const { code, stdout, stderr } = await run(args);
    assert.is(code, 2);
    assert.match(stdout + stderr, message);
  });

vectors('a file that is not one of vectors is named', async () => {
  const files = { 'bad/identity.json': '{"layer":"identity","about":"","vectors":[{}]}' };
  const { code, stderr } = await run(['vectors', '--dir', 'bad/', '--layer', 'identity'], { files });
  assert.is(code, 2);
  assert.match(stderr, /identity\.json is not a file of vectors: missing field `id` in `\$\.vectors\[0\]` /);
});

vectors.run();
