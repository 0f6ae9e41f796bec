import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { KernelFunctionError, reasonOf } from '../../src/kernel/failure.ts';

const failure = suite('kernel failures');

const throwing = Object.defineProperty(new Error('x'), 'message', {
  get: () => {
    throw new Error('from the message');
  },
});

const reasons: readonly (readonly [what: string, thrown: unknown, reason: RegExp])[] = [
  ['an error', new TypeError('no such file'), /^no such file$/],
  ['an error of the kernel', new KernelFunctionError('invalid handle'), /^invalid handle$/],
  ['an error without a message', new Error(), /^$/],
  ['an error whose message is no string', Object.assign(new Error(), { message: 7 }), /^7$/],
  ['an error whose message cannot be read', throwing, /^a value that cannot be shown$/],
  ['a string', 'stop', /^stop$/],
  ['nothing', undefined, /^undefined$/],
  ['null', null, /^null$/],
  ['a symbol', Symbol('stop'), /^Symbol\(stop\)$/],
  ['a bigint', 7n, /^7$/],
  ['an object', {}, /^\[object Object\]$/],
  ['an object without a prototype', Object.create(null), /^a value that cannot be shown$/],
  ['an object whose toString throws', { toString: () => reasonOf(throwing.message) }, /^a value that cannot be shown$/],
];
for (const [what, thrown, reason] of reasons) {
  failure(`${what} has a reason, and giving it never throws`, () => {
    assert.type(reasonOf(thrown), 'string');
    assert.match(reasonOf(thrown), reason);
  });
}

failure.run();
