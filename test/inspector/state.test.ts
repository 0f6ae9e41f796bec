import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FIRST_STATE, FRAGMENT_MAX, followState, readState, writeState } from '../../src/inspector/state.ts';

const state = suite('inspector/state');

const full = {
  panel: 'calls',
  sample: 'router',
  rule: 'abi/PROTOCOL.md#H-9.3',
  func: 12,
  call: 'filter-v3',
  request: '{"a":"ü & # %"}',
  budgets: 'fuel=1000000,wallMs=none',
  repeats: 100,
};

state('what is written is read again', () => {
  assert.equal(readState(writeState(full)), full);
  assert.equal(readState(writeState(FIRST_STATE)), FIRST_STATE);
  assert.is(writeState(FIRST_STATE), '#');
});

state('a request that no address holds stays for the same call alone', () => {
  const before = { ...full, request: 'x'.repeat(40_000) };
  const other = { ...before, panel: 'layers' };
  assert.equal(followState(before, writeState(other)), other);
  assert.is(followState(before, writeState({ ...before, call: 'shape-v3' })).request, '');
  assert.is(followState(before, writeState({ ...before, sample: '' })).request, '');
  assert.is(followState(before, writeState(full)).request, full.request);
  // One that an address holds is taken back by a step back.
  assert.is(followState(full, writeState({ ...full, request: '' })).request, '');
});

state('a field that says nothing is left out', () => {
  assert.is(writeState({ ...FIRST_STATE, panel: 'layers', repeats: 5 }), '#panel=layers&repeats=5');
});

state('a hostile fragment is read as far as its fields are in their bounds', () => {
  const cases: readonly (readonly [fragment: string, name: keyof typeof FIRST_STATE, expected: unknown])[] = [
    ['#panel=layers', 'panel', 'layers'],
    ['panel=layers', 'panel', 'layers'],
    ['#panel=<script>', 'panel', ''],
    [`#panel=${'a'.repeat(33)}`, 'panel', ''],
    ['#panel=%E0%A4%A', 'panel', ''],
    ['#panel=a&panel=b', 'panel', 'a'],
    ['#rule=javascript:alert(1)', 'rule', ''],
    ['#func=-1', 'func', undefined],
    ['#func=1.5', 'func', undefined],
    ['#func=1e3', 'func', undefined],
    ['#func=99999999999999999999', 'func', undefined],
    ['#func=10000001', 'func', undefined],
    ['#func=10000000', 'func', 10_000_000],
    ['#budgets=fuel=1,calls=none', 'budgets', 'fuel=1,calls=none'],
    ['#budgets=<b>', 'budgets', ''],
    [`#budgets=${'a'.repeat(2_049)}`, 'budgets', ''],
    ['#repeats=0', 'repeats', undefined],
    ['#repeats=10000', 'repeats', 10_000],
    ['#repeats=10001', 'repeats', undefined],
    ['#__proto__=x&constructor=y', 'panel', ''],
    [`#request=${'a'.repeat(32_769)}`, 'request', ''],
    ['#request=', 'request', ''],
  ];
  for (const [fragment, name, expected] of cases) assert.is(readState(fragment)[name], expected, fragment);
  assert.equal(Object.keys(readState('#__proto__=x&other=1')), Object.keys(FIRST_STATE));
});

state('a fragment that is too long is taken for none', () => {
  const text = `#panel=layers&x=${'a'.repeat(FRAGMENT_MAX)}`;
  assert.equal(readState(text), FIRST_STATE);
});

state('a request that is too long for the address is left out, and the rest stays', () => {
  const written = writeState({ ...full, request: '\u{10ffff}'.repeat(10_000) });
  assert.equal(readState(written), { ...full, request: '' });
  assert.ok(written.length <= FRAGMENT_MAX);
});

state('a value that could not be read is not written', () => {
  assert.is(writeState({ ...FIRST_STATE, panel: '<b>', repeats: -1, func: 0.5 }), '#');
});

state.run();
