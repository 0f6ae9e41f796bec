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

type Failure = { readonly kind: 'Missing'; readonly name: string } | { readonly kind: 'Empty' };

const messages: FailureMessages<Failure> = {
  Missing: ({ name }) => `${name} is missing`,
  Empty: () => 'nothing is there',
};

const message = suite('failure message');

message('is that of the failure its kind names', () => {
  assert.is(failureMessage<Failure>(messages, { kind: 'Missing', name: 'sign' }), 'sign is missing');
  assert.is(failureMessage<Failure>(messages, { kind: 'Empty' }), 'nothing is there');
});

message('is cut when it is long, and says how much more there was', () => {
  const name = 'x'.repeat(10_000_000);
  const text = failureMessage<Failure>(messages, { kind: 'Missing', name });
  assert.is(text, `${'x'.repeat(MESSAGE_MAX)}… (9998011 more characters)`);
  const whole = 'x'.repeat(MESSAGE_MAX - ' is missing'.length);
  assert.is(failureMessage<Failure>(messages, { kind: 'Missing', name: whole }), `${whole} is missing`);
});

message('that holds another that was cut counts what both leave out', () => {
  const inner = shortened('y'.repeat(5_000));
  assert.is(inner, `${'y'.repeat(2_000)}… (3000 more characters)`);
  assert.is(shortened(`it failed: ${inner}`), `it failed: ${'y'.repeat(1_989)}… (3011 more characters)`);
  // What has no more than the limit without its remark is left as it is.
  assert.is(shortened(inner), inner);
});

message('is never cut within a character', () => {
  for (const before of ['', 'a']) {
    const text = shortened(`${before}${'\u{1f600}'.repeat(50)}`, 10);
    const shown = text.replace(/… .*/, '');
    assert.ok(shown.length === 10 - (before.length % 2) && [...shown].at(-1) === '\u{1f600}', text);
    assert.match(text, new RegExp(`\\(${100 + before.length - shown.length} more characters\\)$`));
  }
});

message('of anything that is thrown has an end, too', () => {
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

failing('has no cause unless there is one', () => {
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

translating('changes errors of one class, and keeps the cause', () => {
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

translating('lets errors of other classes pass, and what is not an error', () => {
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
