import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  FailureError,
  type FailureMessages,
  failureMessage,
  MESSAGE_MAX,
  reasonOf,
  recover,
  resultOf,
  shortened,
  translate,
  unwrap,
} from '../src/failure.ts';
import { KernelFunctionError } from '../src/kernel/functions.ts';

type Failure = { readonly kind: 'Missing'; readonly name: string } | { readonly kind: 'Empty' };

const messages: FailureMessages<Failure> = {
  Missing: ({ name }) => `${name} is missing`,
  Empty: () => 'nothing is there',
};

const message = suite('failure message');

message("comes from the table's entry for the kind", () => {
  assert.is(failureMessage<Failure>(messages, { kind: 'Missing', name: 'sign' }), 'sign is missing');
  assert.is(failureMessage<Failure>(messages, { kind: 'Empty' }), 'nothing is there');
});

message('is shortened if it is long, and says how many characters are left out', () => {
  const name = 'x'.repeat(10_000_000);
  const text = failureMessage<Failure>(messages, { kind: 'Missing', name });
  assert.is(text, `${'x'.repeat(MESSAGE_MAX)}… (9998011 more characters)`);
  const whole = 'x'.repeat(MESSAGE_MAX - ' is missing'.length);
  assert.is(failureMessage<Failure>(messages, { kind: 'Missing', name: whole }), `${whole} is missing`);
});

message('counts what it and a shortened text in it leave out', () => {
  const inner = shortened('y'.repeat(5_000));
  assert.is(inner, `${'y'.repeat(2_000)}… (3000 more characters)`);
  assert.is(shortened(`it failed: ${inner}`), `it failed: ${'y'.repeat(1_989)}… (3011 more characters)`);
  // A text that is within the limit without its note stays unchanged.
  assert.is(shortened(inner), inner);
});

message('is never cut inside a character', () => {
  for (const before of ['', 'a']) {
    const text = shortened(`${before}${'\u{1f600}'.repeat(50)}`, 10);
    const shown = text.replace(/… .*/, '');
    assert.ok(shown.length === 10 - (before.length % 2) && [...shown].at(-1) === '\u{1f600}', text);
    assert.match(text, new RegExp(`\\(${100 + before.length - shown.length} more characters\\)$`));
  }
});

message('of any thrown value is bounded', () => {
  assert.is(reasonOf(new Error('z'.repeat(3_000))).length, 2_000 + '… (1000 more characters)'.length);
  assert.is(reasonOf('z'.repeat(3_000)).length, 2_000 + '… (1000 more characters)'.length);
});

message.run();

class TestError extends FailureError<Failure> {
  override readonly name = 'TestError';

  protected override get messages(): FailureMessages<Failure> {
    return messages;
  }
}

const failing = suite('FailureError');

failing('has the failure, its message, the cause and the name, and the message in its stack', () => {
  const cause = new RangeError('below');
  const error = new TestError({ kind: 'Missing', name: 'sign' }, { cause, subject: 'the plugin' });
  assert.equal(error.failure, { kind: 'Missing', name: 'sign' });
  assert.is(error.message, 'the plugin: sign is missing');
  assert.is(error.cause, cause);
  assert.is(String(error), 'TestError: the plugin: sign is missing');
  // JavaScriptCore writes no message into a stack.
  const { stack = '' } = error;
  if (stack.includes('Error')) assert.ok(stack.includes('the plugin: sign is missing'), stack);
});

failing('says what more is known at the end of the message', () => {
  const error = new TestError({ kind: 'Missing', name: 'sign' }, { subject: 'the plugin', detail: '2 of 3' });
  assert.is(error.message, 'the plugin: sign is missing: 2 of 3');
});

failing('has no cause if none is passed', () => {
  assert.not.ok('cause' in new TestError({ kind: 'Empty' }));
  assert.is(new TestError({ kind: 'Empty' }).message, 'nothing is there');
});

failing.run();

const translating = suite('translate');

translating('returns what the work returns', () => {
  assert.is(
    translate(
      () => 7,
      TestError,
      () => new Error(),
    ),
    7,
  );
});

translating('replaces errors of one class, and keeps the cause', () => {
  const below = new TestError({ kind: 'Empty' });
  const work = (): never => {
    throw below;
  };
  const result = resultOf(() => translate(work, TestError, ({ message }, options) => new RangeError(message, options)));
  assert.ok(!result.ok && result.error instanceof RangeError);
  assert.is(result.error.message, 'nothing is there');
  assert.is(result.error.cause, below);
  const passed = resultOf(() => translate(work, TestError, () => undefined));
  assert.ok(!passed.ok && passed.error === below);
});

translating('lets other errors and other thrown values pass', () => {
  for (const thrown of [new Error('other'), undefined, 0, 'text']) {
    const work = (): never => {
      throw thrown;
    };
    const result = resultOf(() => translate(work, TestError, () => new RangeError()));
    assert.ok(!result.ok && result.error === thrown);
  }
});

translating('recover returns a value for errors of one class, and lets others pass', () => {
  const work = (thrown: unknown) => (): never => {
    throw thrown;
  };
  const recovered = (thrown: unknown) => recover(work(thrown), TestError, ({ failure }) => failure.kind);
  assert.is(recovered(new TestError({ kind: 'Empty' })), 'Empty');
  for (const thrown of [new Error('other'), undefined, 'text']) {
    const result = resultOf(() => recovered(thrown));
    assert.ok(!result.ok && result.error === thrown);
  }
  const seven = recover(
    () => 7,
    TestError,
    () => 8,
  );
  assert.is(seven, 7);
});

translating('unwrap returns a value, and throws an error', () => {
  assert.is(unwrap(resultOf(() => 7)), 7);
  const error = new Error('no');
  assert.throws(
    () => unwrap({ ok: false, error }),
    (thrown: unknown) => thrown === error,
  );
});

translating.run();

const whyThrown = suite('reasonOf');

const throwing = Object.defineProperty(new Error('x'), 'message', {
  get: () => {
    throw new Error('from the message');
  },
});

const reasons: readonly (readonly [what: string, thrown: unknown, reason: RegExp])[] = [
  ['an error', new TypeError('no such file'), /^no such file$/],
  ['an error of the kernel', new KernelFunctionError('invalid handle'), /^invalid handle$/],
  ['an error without a message', new Error(), /^$/],
  ['an error whose message is not a string', Object.assign(new Error(), { message: 7 }), /^7$/],
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
  whyThrown(`${what} has a reason, and reading it never throws`, () => {
    assert.type(reasonOf(thrown), 'string');
    assert.match(reasonOf(thrown), reason);
  });
}

whyThrown.run();
