import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type FailureMessages, failureMessage, MESSAGE_MAX, reasonOf, shortened } from '../src/failure.ts';

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
