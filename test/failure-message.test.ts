import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type FailureMessages, failureMessage } from '../src/failure-message.ts';

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

message.run();
