import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Frame, FrameReader, frameLine } from '../../../src/cli/prepared/frames.ts';
import { utf8 } from '../../support/bytes.ts';
import { thrownBy } from '../../support/failure.ts';

const frames = suite('frames');

/** What a reader finds in bytes that come in pieces of this size. */
function read(bytes: Uint8Array, size: number): Frame[] {
  const reader = new FrameReader();
  const found: Frame[] = [];
  for (let at = 0; at < bytes.length; at += size) found.push(...reader.read(bytes.subarray(at, at + size)));
  return found;
}

const answer = 'one\n\né';
const sent = [
  frameLine('ready'),
  frameLine('run', 200),
  frameLine('answer', utf8(answer).length),
  answer,
  frameLine('answer', 0),
  frameLine('run', Number.POSITIVE_INFINITY),
  frameLine('stdin'),
].join('');

for (const size of [1, 2, 7, 1000])
  frames(`are read from pieces of ${size} bytes`, () => {
    assert.equal(read(utf8(sent), size), [
      { kind: 'ready', amount: 0, text: '' },
      { kind: 'run', amount: 200, text: '' },
      { kind: 'answer', amount: 7, text: answer },
      { kind: 'answer', amount: 0, text: '' },
      { kind: 'run', amount: Number.POSITIVE_INFINITY, text: '' },
      { kind: 'stdin', amount: 0, text: '' },
    ]);
  });

for (const text of ['hello\n', 'run x\n', 'run\n', '\n', 'x'.repeat(64)])
  frames(`are not ${JSON.stringify(text)}`, () => {
    assert.instance(
      thrownBy(() => new FrameReader().read(utf8(text))),
      TypeError,
    );
  });

frames.run();
