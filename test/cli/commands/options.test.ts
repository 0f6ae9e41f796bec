import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { limitsOf } from '../../../src/cli/commands/options.ts';
import { CommandLineError } from '../../../src/cli/program/command-line-error.ts';
import { failureOf } from '../../support/failure.ts';
import { run } from '../run.ts';

const option = suite('--limit');

option('sets a limit by its name; none lifts it', () => {
  assert.equal(limitsOf([]), {});
  assert.equal(limitsOf(['calls=7', 'openBlocks=none']), { calls: 7, openBlocks: Number.POSITIVE_INFINITY });
});

for (const [given, expected] of [
  [['call=7'], /NAME is one of moduleBytes, codeBytes/],
  [['quite different'], /NAME is one of moduleBytes, codeBytes/],
  [['toString=7'], /NAME is one of/],
  [['calls'], /calls=VALUE, a whole number or none; the default is 20000/],
  [['calls=-1'], /calls=VALUE/],
  [['calls=1e3'], /calls=VALUE/],
  [['calls='], /calls=VALUE/],
] as const) {
  option(`refuses ${given.join(' ')}`, () => {
    const failure = failureOf(CommandLineError, () => limitsOf(given));
    if (failure.kind !== 'InvalidValue') return assert.unreachable(failure.kind);
    assert.match(failure.expected, expected);
    assert.is(failure.nearest, given[0] === 'call=7' ? 'calls' : undefined);
  });
}

option('refuses a limit that is given twice', () => {
  assert.is(failureOf(CommandLineError, () => limitsOf(['calls=1', 'calls=2'])).kind, 'RepeatedOption');
});

for (const command of [
  ['admit'],
  ['dispatch', 'filter'],
  ['prepare'],
  ['inspect', '--metered'],
  ['conformance'],
] as const) {
  option(`is an option of ${command[0]}`, async () => {
    const [name, ...rest] = command;
    const output = name === 'prepare' ? ['-o', 'out.wasm'] : [];
    const args = [name, 'fixture:router/router.wasm', ...rest, ...output, '--json'];
    assert.not.match((await run(args)).stdout, /limits\.calls/);
    assert.match((await run([...args, '--limit', 'calls=3'])).stdout, /has more than 3 calls \(limits\.calls\)/);
  });
}

const hostFunctions = suite('--host-functions');

for (const [command, ...rest] of [['admit'], ['dispatch', 'observe'], ['conformance']] as const) {
  hostFunctions(`is an option of ${command}`, async () => {
    const args = [command, 'fixture:rust/metrics/metrics.wasm', ...rest, '--json'];
    const without = await run(args);
    assert.is(without.code, 1);
    assert.match(without.stdout, 'cc_lb_metric_incr');
    assert.is((await run([...args, '--host-functions'])).code, 0);
  });
}

option.run();
hostFunctions.run();
