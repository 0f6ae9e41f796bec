import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compareUtf8, isWellFormed, sortedSet, utf8Length } from '../../../src/json/text/utf8.ts';

const utf8 = suite('json/text/utf8');

const text = fc.string({
  unit: fc.constantFrom('a', 'b', '\u007f', 'é', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}'),
});

/** The order of the bytes themselves. */
function compareBytes(a: string, b: string): number {
  const [left, right] = [a, b].map((one) => new TextEncoder().encode(one));
  if (left === undefined || right === undefined) throw new Error('no bytes');
  const index = left.findIndex((byte, at) => byte !== right[at]);
  return index === -1 ? left.length - right.length : (left[index] ?? 0) - (right[index] ?? -1);
}

utf8('strings are compared by their UTF-8 bytes', () => {
  assert.ok('\u{10000}' < '\uffff', 'UTF-16 has another order');
  assert.ok(compareUtf8('\u{10000}', '\uffff') > 0);
  fc.assert(
    fc.property(text, text, (a, b) => assert.is(Math.sign(compareUtf8(a, b)), Math.sign(compareBytes(a, b)))),
    { numRuns: 2000 },
  );
});

utf8('a set has each string once, sorted', () => {
  assert.equal(sortedSet(['b', '\u{10000}', 'a', '\uffff', 'b', '']), ['', 'a', 'b', '\uffff', '\u{10000}']);
});

utf8('lengths are in bytes', () => {
  assert.equal(['', 'a', 'é', '\uffff', '\u{10000}'].map(utf8Length), [0, 1, 2, 3, 4]);
});

utf8('lone surrogates are found', () => {
  assert.equal(['', 'é', '\u{10000}', '\ud7ff\ue000'].map(isWellFormed), [true, true, true, true]);
  assert.equal(['\ud800', 'a\udfff', '\udc00\ud800', '\ud800\ud800\udc00'].map(isWellFormed), [
    false,
    false,
    false,
    false,
  ]);
});

utf8.run();
