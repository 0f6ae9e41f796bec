import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  Driver,
  type LineProgram,
  readAnswer,
  runVectors,
  type Vector,
  type VectorResult,
  vectorLine,
} from '../../../src/conformance/vectors/index.ts';

const driver = suite('vectors: Driver');

const vectorNamed = (name: string): Vector => ({
  id: `offers/${name}`,
  layer: 'offers',
  rule: 'O-1',
  raw: '{}',
  ends: { response: name },
});

const vectors = ['a', 'b', 'c'].map(vectorNamed);

/** A program in memory. It gets the id of each line, and returns the lines that it writes. */
type Script = (id: string) => readonly string[];

const right: Script = (id) => [`{"id":"${id}","ends":[{"response":"${id.slice('offers/'.length)}"}]}`];

/** Runs the vectors, and counts how often the program was started. */
async function runOn(script: Script, late: readonly string[] = []): Promise<[VectorResult[], string[], number]> {
  let starts = 0;
  const start = (): LineProgram => {
    starts++;
    const waiting: string[] = [];
    return {
      send: (line) => waiting.push(...script(JSON.parse(line).id)),
      receive: async () => {
        const line = waiting.shift();
        return line === undefined ? { none: 'nothing came' } : { line };
      },
      end: async () => {
        waiting.push(...late);
      },
    };
  };
  const on = new Driver(start);
  const results: VectorResult[] = [];
  for await (const result of runVectors(vectors, on.host)) results.push(result);
  return [results, [...(await on.end())], starts];
}

const statuses = (results: readonly VectorResult[]): string[] => results.map(({ status }) => status);
const reasons = (results: readonly VectorResult[]): string[] =>
  results.flatMap((result) => ('reason' in result ? [result.reason] : []));

driver('a program that answers each vector is started once', async () => {
  const [results, repeated, starts] = await runOn(right);
  assert.equal([statuses(results), repeated, starts], [['passed', 'passed', 'passed'], [], 1]);
});

const broken: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['nothing', [], /^nothing came$/],
  ['no JSON', ['hello'], /^the driver wrote 'hello' instead of an answer: /],
  ['JSON that is not an answer', ['[1]'], /instead of an answer/],
  ['the fields as an array', ['["offers/b",[]]'], /an object, found an array/],
  ['an undeclared field', ['{"id":"offers/b","end":[]}'], /unknown field `end` in `\$`.*; did you mean `ends`\?/],
  ['another id', ['{"id":"offers/x","ends":[]}'], /^the driver answered 'offers\/x' to offers\/b$/],
  ['neither ends nor unsupported', ['{"id":"offers/b"}'], /^an answer must have either ends or unsupported$/],
  ['both ends and unsupported', ['{"id":"offers/b","ends":[],"unsupported":""}'], /either ends or unsupported$/],
  ['an escape sequence', ['\u001b[31m'], /^the driver wrote '\\u\{?0*1b\}?\[31m'/],
];

for (const [what, lines, reason] of broken)
  driver(`a program that answers ${what} fails that vector only, and is started again`, async () => {
    const [results, , starts] = await runOn((id) => (id === 'offers/b' ? lines : right(id)));
    assert.equal(statuses(results), ['passed', 'failed', 'passed']);
    assert.match(reasons(results)[0] ?? '', reason);
    assert.is(starts, 2);
  });

driver('a second answer is found when the next vector is asked', async () => {
  const [results, repeated, starts] = await runOn((id) =>
    id === 'offers/a' ? [...right(id), ...right(id)] : right(id),
  );
  assert.equal([statuses(results), repeated, starts], [['passed', 'passed', 'passed'], ['offers/a'], 1]);
});

driver('a second answer to the last vector is found at the end', async () => {
  const [, repeated] = await runOn(right, ['not an answer', ...right('offers/c')]);
  assert.equal(repeated, ['offers/c']);
});

driver('a program that only repeats an earlier answer is given up', async () => {
  const [line = ''] = right('offers/a');
  const start = (): LineProgram => ({
    send: () => undefined,
    receive: async () => ({ line }),
    end: async () => undefined,
  });
  const results: VectorResult[] = [];
  for await (const result of runVectors(vectors.slice(0, 2), new Driver(start).host)) results.push(result);
  assert.equal(statuses(results), ['passed', 'failed']);
  assert.match(reasons(results)[0] ?? '', /^the driver answered earlier vectors again .* and not offers\/b$/);
});

driver('a program that never answers is asked for ten vectors only', async () => {
  let starts = 0;
  const start = (): LineProgram => {
    starts++;
    return { send: () => undefined, receive: async () => ({ none: 'nothing came' }), end: async () => undefined };
  };
  const many = Array.from({ length: 12 }, (_, index) => vectorNamed(String(index)));
  const results: VectorResult[] = [];
  for await (const result of runVectors(many, new Driver(start).host)) results.push(result);
  assert.is(starts, 10);
  assert.match(reasons(results)[10] ?? '', /^not asked: the driver failed to answer 10 vectors in a row$/);
});

driver('a line has the fields of the layer, with bytes as base64, and no ends', () => {
  const line = vectorLine({
    id: 'kernel/a',
    layer: 'kernel',
    rule: 'K-1',
    about: 'a test',
    flags: ['layout'],
    wasm: Uint8Array.of(0, 97, 255),
    config: { ends: 'a value', rule: 'another' },
    budget: { fuel: 18446744073709551615n },
    steps: [{ call: 'a', input: Uint8Array.of(1), ends: { response: '1' } }],
  });
  assert.equal(
    line,
    '{"id":"kernel/a","layer":"kernel","flags":["layout"],"wasm":"AGH/","budget":{"fuel":18446744073709551615},' +
      '"config":{"ends":"a value","rule":"another"},"steps":[{"call":"a","input":"AQ=="}]}',
  );
});

driver('an answer has ends or what is unsupported', () => {
  assert.equal(readAnswer('{"id":"a","unsupported":"x"}'), { id: 'a', answer: { unsupported: 'x' } });
  const { answer } = readAnswer('{"id":"a","ends":[{"output":"AGH/"}]}');
  assert.equal('ends' in answer && answer.ends[0]?.output, Uint8Array.of(0, 97, 255));
});

driver.run();
