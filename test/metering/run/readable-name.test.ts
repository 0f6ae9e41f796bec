import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readableName } from '../../../src/metering/run/readable-name.ts';

const names = suite('readable names of functions');

const rows: readonly (readonly [name: string, readable: string])[] = [
  ['_RNvNtCs4NIexwV1FGX_4core9panicking9panic_fmt', 'core::panicking::panic_fmt'],
  ['_RNvCs5fGHjzWXRav_7___rustc10rust_panic', '__rustc::rust_panic'],
  ['_RNCNvNtCsiuSwmoQr08c_3std9panicking13panic_handler0B5_', 'std::panicking::panic_handler'],
  ['_RNvMs2_NtCsiuSwmoQr08c_8r_router6policyNtB5_6Policy5judge', 'r_router::policy::Policy::judge'],
  ['_ZN4core9panicking9panic_fmt17h0123456789abcdefE', 'core::panicking::panic_fmt'],
  ['_ZN6router6decideEv', 'router::decide'],
  ['_ZNK6router6decideEv', 'router::decide'],
  ['filter', 'filter'],
  ['assembly/index/filter', 'assembly/index/filter'],
  ['_Ready', '_Ready'],
  ['_RNv', '_RNv'],
  ['', ''],
];

for (const [name, readable] of rows)
  names(`${name === '' ? 'an empty name' : name}`, () => assert.is(readableName(name), readable));

names('of strangers have lengths beyond their end', () => {
  assert.is(readableName('_RNv99999999999999999999999a'), 'a');
  assert.is(readableName(`_RNv${'9'.repeat(400)}`), `_RNv${'9'.repeat(400)}`);
  assert.is(readableName('_RNv1a0_0_0_0_1b'), 'a::b');
});

names.run();
