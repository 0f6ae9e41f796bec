import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cutText } from '../../../src/inspector/call/cut-text.ts';
import { detailsOf, faultOf } from '../../../src/inspector/call/failure-details.ts';

const details = suite('detailsOf');

details('names the fields of a failure by their paths', () => {
  const failure = {
    kind: 'PluginCall',
    call: { kind: 'OutOfFuel', use: { unit: 'fuel', used: 10, limit: 10n } },
    list: ['a', null],
  };
  assert.equal(detailsOf(failure), [
    ['call.use.unit', 'fuel'],
    ['call.use.used', '10'],
    ['call.use.limit', '10'],
    ['list.0', 'a'],
    ['list.1', 'null'],
  ]);
});

details('is bounded by fields, depth and characters', () => {
  assert.is(detailsOf(Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`f${index}`, index]))).length, 40);
  const loop: { self?: unknown; x: number } = { x: 1 };
  loop.self = loop;
  assert.is(detailsOf(loop).length, 4);
  assert.match(detailsOf({ reason: 'x'.repeat(5_000) })[0]?.[1] ?? '', '(4000 more characters)');
});

details('has nothing of what has no fields', () => {
  assert.equal(detailsOf(undefined), []);
  assert.equal(detailsOf({ f: () => 1, u: undefined }), []);
  assert.equal(detailsOf('text'), [['failure', 'text']]);
});

details.run();

const fault = suite('faultOf');

fault('names the kinds from the outside', () => {
  const failure = { kind: 'PluginCall', call: { kind: 'Trap' } };
  const report = { error: 'DispatchError', kind: 'PluginCall', message: 'm', failure };
  assert.is(faultOf(report).kind, 'PluginCall.Trap');
  assert.is(
    faultOf({ ...report, failure: { kind: 'GuestTrap', stop: { kind: 'OutOfFuel' } } }).kind,
    'GuestTrap.OutOfFuel',
  );
  assert.is(faultOf({ ...report, kind: 'Unknown', failure: undefined }).kind, 'Unknown');
});

fault('has the reason that a message leaves out, but not that of an engine or a budget', () => {
  const reasonOf = (failure: object, message = 'sign: the plugin set an error') =>
    faultOf({ error: 'DispatchError', kind: 'PluginCall', message, failure }).reason;
  const call = (kind: string) => ({ kind: 'PluginCall', reason: 'broken', call: { kind } });
  assert.is(reasonOf(call('PluginError')), 'broken');
  assert.is(
    reasonOf({ kind: 'ResponseDecode', reason: 'unknown field `extra` in `$`' }),
    'unknown field `extra` in `$`',
  );
  assert.equal(
    [call('Trap'), call('OutOfFuel'), call('Timeout'), { kind: 'X' }].map((each) => reasonOf(each)),
    [undefined, undefined, undefined, undefined],
  );
  assert.is(reasonOf(call('PluginError'), 'sign failed: broken'), undefined);
});

fault('keeps the stack, what was said, and the hint', () => {
  const report = { error: 'E', kind: 'K', message: 'm', failure: undefined };
  const more = { stack: [{ index: 1 }], said: 's', hint: 'h' };
  assert.equal(faultOf({ ...report, ...more }), { error: 'E', kind: 'K', message: 'm', details: [], ...more });
});

fault.run();

const cut = suite('cutText');

cut('cuts a long text, but not within a character', () => {
  assert.equal(cutText('abc', 3), { text: 'abc', more: 0 });
  assert.equal(cutText('abcd', 3), { text: 'abc', more: 1 });
  assert.equal(cutText('ab😀d', 3), { text: 'ab', more: 3 });
});

cut.run();
