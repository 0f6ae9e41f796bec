import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { EventReader } from '../../../src/hooks/policies/event-reader.ts';
import { writeEvents } from '../../../src/hooks/policies/event-writer.ts';
import { HookPolicyError } from '../../../src/hooks/policies/policy-error.ts';
import { failureOf } from '../../support/failure.ts';
import { bytesOf, textOf } from './outcomes.ts';

const writer = suite('the writer of events');

const event = (name: string, data: string): { event: string; data: Uint8Array } => ({
  event: name,
  data: bytesOf(data),
});
const written = (...events: readonly ReturnType<typeof event>[]): string => textOf(writeEvents(events, 1000));

writer('writes a name and the lines of the data', () => {
  assert.is(written(event('a', '{"b":1}')), 'event: a\ndata: {"b":1}\n\n');
  assert.is(written(event('', 'b')), 'data: b\n\n');
  assert.is(written(event('', '')), 'data: \n\n');
  assert.is(written(event('a', 'b\nc\rd\r\ne')), 'event: a\ndata: b\ndata: c\ndata: d\ndata: e\n\n');
  assert.is(written(event('', '\n')), 'data: \ndata: \n\n');
  assert.is(written(), '');
});

writer('what it writes is read as it was', () => {
  const events = [
    event('a', 'b'),
    event('', ''),
    event(' leading', ' leading'),
    event('\u20ac:', ':\n\n: x\nevent: y\nid: 1'),
    event('x', '\n'),
    event('\ufeff', '\ufeffdata: z'),
    { event: 'raw', data: Uint8Array.of(0xff, 0x00, 0x0a, 0xc3) },
  ];
  const reader = new EventReader(1000);
  reader.push(writeEvents(events, 1000));
  for (const expected of events) assert.equal(reader.next()?.event, expected);
  assert.is(reader.rest().length, 0);
});

writer('refuses a name with a line break', () => {
  for (const name of ['a\nb', 'a\r', '\n', 'a\r\ndata: x'])
    assert.equal(
      failureOf(HookPolicyError, () => writeEvents([event('a', ''), event(name, '')], 1000)),
      {
        kind: 'EventName',
        index: 1,
      },
    );
});

writer('counts what is written, before it is written', () => {
  const { length: bytes } = writeEvents([event('\u20ac', 'a\nb')], Number.POSITIVE_INFINITY);
  assert.equal(
    failureOf(HookPolicyError, () => writeEvents([event('\u20ac', 'a\nb')], bytes - 1)),
    {
      kind: 'OutputTooLarge',
      bytes,
      max: bytes - 1,
    },
  );
  assert.is(writeEvents([event('\u20ac', 'a\nb')], bytes).length, bytes);
  // 7 bytes are written for each of these line ends.
  const lines = { event: '', data: new Uint8Array(20_000_000).fill(0x0a) };
  assert.is(failureOf(HookPolicyError, () => writeEvents([lines], 100_000_000)).kind, 'OutputTooLarge');
});

writer.run();
