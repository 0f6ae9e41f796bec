import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { EventReader } from '../../../src/hooks/policies/event-reader.ts';
import { HookPolicyError } from '../../../src/hooks/policies/policy-error.ts';
import { failureOf } from '../../support/failure.ts';
import { bytesOf, textOf } from './outcomes.ts';

const reader = suite('the reader of events');

type Read = { readonly blocks: readonly string[]; readonly events: readonly string[]; readonly rest: string };

/** Reads chunks. An event is written as `name|data`. */
function read(...chunks: readonly Uint8Array[]): Read {
  const found = new EventReader(1000);
  const blocks: string[] = [];
  const events: string[] = [];
  for (const chunk of chunks) {
    found.push(chunk);
    for (let block = found.next(); block !== undefined; block = found.next()) {
      blocks.push(textOf(block.bytes));
      if (block.event !== undefined) events.push(`${block.event.event}|${textOf(block.event.data)}`);
    }
  }
  return { blocks, events, rest: textOf(found.rest()) };
}

const streams: readonly (readonly [what: string, stream: string, events: readonly string[], rest?: string])[] = [
  ['an event with a name', 'event: a\ndata: b\n\n', ['a|b']],
  ['an event without a name', 'data: b\n\n', ['|b']],
  ['two events', 'data: a\n\ndata: b\n\n', ['|a', '|b']],
  ['CR', 'event: a\rdata: b\rdata: c\r\rdata: d\r\r', ['a|b\nc', '|d']],
  ['CRLF', 'event: a\r\ndata: b\r\ndata: c\r\n\r\ndata: d\r\n\r\n', ['a|b\nc', '|d']],
  ['all line ends mixed', 'event: a\rdata: b\ndata: c\r\n\ndata: d\n\r\ndata: e\r\n\r', ['a|b\nc', '|d', '|e']],
  ['LF before CR', 'data: a\n\r\ndata: b\n\r', ['|a', '|b']],
  ['a byte order mark', '\ufeffdata: a\n\ndata: b\n\n', ['|a', '|b']],
  ['a byte order mark on an empty line', '\ufeff\ndata: a\n\n', ['|a']],
  ['a second byte order mark', '\ufeff\ufeffdata: a\n\n\ufeffdata: b\n\n', []],
  ['comments', ': a\n:b\ndata: c\n: d\n\n: e\n\n:\n\n', ['|c']],
  ['a field without a colon', 'data\ndata\n\nevent\ndata\n\n', ['|\n', '|']],
  ['empty data', 'data:\n\ndata: \n\n', ['|', '|']],
  ['data that begins with an empty line', 'data\ndata: a\n\n', ['|\na']],
  ['one space after the colon', 'data:a\ndata: b\ndata:  c\ndata:\td\n\n', ['|a\nb\n c\n\td']],
  ['a colon in the value', 'data: {"a":1}\nevent: a:b\n\n', ['a:b|{"a":1}']],
  ['other fields', 'id: 1\nretry: 2\nfoo: 3\nData: 4\ndata : 5\n data: 6\ndatas: 7\n\n', []],
  ['an event without data', 'event: a\n\ndata: b\n\n', ['|b']],
  ['a repeated name', 'event: a\nevent: b\ndata: c\n\n', ['b|c']],
  ['a name that is set back', 'event: a\nevent\ndata: c\n\n', ['|c']],
  ['blank lines', '\n\n\r\n\r\ndata: a\n\n\n\n', ['|a']],
  ['no final blank line', 'data: a\n\ndata: b\n', ['|a'], 'data: b\n'],
  ['no final line end', 'data: a\n\ndata: b', ['|a'], 'data: b'],
  ['nothing', '', []],
  ['other characters', 'event: \u20ac\ndata: \u{1f600}\u2028\u0085\v\f\n\n', ['\u20ac|\u{1f600}\u2028\u0085\v\f']],
];
for (const [what, stream, events, rest = ''] of streams) {
  reader(`reads ${what}, however the stream is cut`, () => {
    const bytes = bytesOf(stream);
    const whole = read(bytes);
    assert.equal(whole.events, events);
    assert.is(whole.rest, rest);
    assert.is([...whole.blocks, whole.rest].join(''), stream);
    for (let at = 0; at <= bytes.length; at++)
      assert.equal(read(bytes.subarray(0, at), bytes.subarray(at)), whole, `cut at ${at}`);
    assert.equal(read(...Array.from(bytes, (byte) => Uint8Array.of(byte))), whole, 'byte by byte');
  });
}

reader('reads a stream that is longer than its buffer, in chunks of any size', () => {
  const data = Array.from({ length: 400 }, (_, index) => 'x'.repeat(index % 97));
  const bytes = bytesOf(data.map((text) => `data: ${text}\r\n\n`).join(''));
  for (const size of [1, 7, 100, 1000, 5000, bytes.length]) {
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
    const { blocks, events } = read(...chunks);
    assert.equal(
      events,
      data.map((text) => `|${text}`),
    );
    assert.is(blocks.join(''), textOf(bytes));
  }
});

reader('returns the bytes of the stream, whatever they are', () => {
  const bytes = Uint8Array.from([
    0xef,
    0xbb,
    0xbf,
    ...bytesOf('data: '),
    0xff,
    0x00,
    0xc3,
    ...bytesOf('\r\n\r\n: x\n\nid: 1'),
  ]);
  const found = new EventReader(1000);
  found.push(bytes);
  const all: number[] = [];
  let data: Uint8Array | undefined;
  for (let block = found.next(); block !== undefined; block = found.next()) {
    all.push(...block.bytes);
    data ??= block.event?.data;
  }
  assert.equal(Uint8Array.from([...all, ...found.rest()]), bytes);
  assert.equal(data, Uint8Array.of(0xff, 0x00, 0xc3), 'data are bytes');
});

reader('returns an event at the CR that ends it, without waiting for LF', () => {
  const found = new EventReader(1000);
  found.push(bytesOf('data: a\r\n\r'));
  assert.is(textOf(found.next()?.bytes ?? new Uint8Array()), 'data: a\r\n\r');
  found.push(bytesOf('\ndata: b\r\n\r\n'));
  assert.is(textOf(found.next()?.bytes ?? new Uint8Array()), '\n');
});

reader('refuses an event that is too large, before it ends and after', () => {
  const tooLarge = { kind: 'EventTooLarge', max: 10 };
  const reading = (...chunks: readonly string[]): EventReader => {
    const found = new EventReader(10);
    for (const chunk of chunks) found.push(bytesOf(chunk));
    return found;
  };
  assert.equal(
    failureOf(HookPolicyError, () => reading('data: 12', '345').next()),
    tooLarge,
  );
  assert.equal(
    failureOf(HookPolicyError, () => reading('data: 123\n\n').next()),
    tooLarge,
  );
  assert.is(reading('data: 12\n\n', 'data: 3456').next()?.bytes.length, 10);
  const found = reading('data: 1\n\ndata: 123456\n\n', 'more');
  found.next();
  assert.throws(() => found.next());
  assert.is(textOf(found.rest()), 'data: 123456\n\nmore', 'nothing is lost');
});

reader('a long event in small chunks is not copied for each', () => {
  const size = 1 << 20;
  const found = new EventReader(size + 100);
  found.push(bytesOf('data: '));
  const begunAt = performance.now();
  for (let sent = 0; sent < size; sent += 16) {
    found.push(new Uint8Array(16).fill(0x61));
    assert.is(found.next(), undefined);
  }
  found.push(bytesOf('\n\n'));
  assert.is(found.next()?.event?.data.length, size);
  // Copying or searching it for each chunk would take minutes.
  assert.ok(performance.now() - begunAt < 10_000);
});

reader.run();
