import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Frame, FrameReader, frameLine } from '../../../src/cli/prepared/frames.ts';
import { utf8 } from '../../support/bytes.ts';
import { thrownBy } from '../../support/failure.ts';

const frames = suite('frames');

/** What a reader finds in bytes that come in pieces of this size; outputs as one text. */
function read(bytes: Uint8Array, size: number): { readonly kinds: readonly unknown[]; readonly output: string } {
  const reader = new FrameReader();
  const found: Frame[] = [];
  for (let at = 0; at < bytes.length; at += size) found.push(...reader.read(bytes.subarray(at, at + size)));
  const kinds = found.flatMap((frame) => (frame.kind === 'out' ? [] : [[frame.kind, frame.amount]]));
  const output = found.map((frame) => (frame.kind === 'out' ? new TextDecoder().decode(frame.bytes) : '')).join('');
  return { kinds, output };
}

const sent = [
  frameLine('ready'),
  frameLine('run', 200),
  `${frameLine('out', 6)}one\n\n2`,
  frameLine('out', 0),
  frameLine('run', Number.POSITIVE_INFINITY),
  frameLine('stdin'),
  `${frameLine('out', 3)}end`,
].join('');

for (const size of [1, 2, 7, 1000])
  frames(`are read from pieces of ${size} bytes`, () => {
    assert.equal(read(utf8(sent), size), {
      kinds: [
        ['ready', 0],
        ['run', 200],
        ['run', Number.POSITIVE_INFINITY],
        ['stdin', 0],
      ],
      output: 'one\n\n2end',
    });
  });

for (const text of ['hello\n', 'run x\n', 'run\n', '\n', 'x'.repeat(64)])
  frames(`are not ${JSON.stringify(text)}`, () => {
    assert.instance(
      thrownBy(() => new FrameReader().read(utf8(text))),
      TypeError,
    );
  });

frames.run();
