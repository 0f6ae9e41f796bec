import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CallStatistics, Percentiles } from '../../../src/cli/reports/call-statistics.ts';
import { filterPlugin } from '../hook-files.ts';
import { documentOf, type Run, run } from '../run.ts';

const dispatch = suite('dispatch with budgets and repeated calls');

const ROUTER = ['fixture:router/router.wasm', 'filter'];
const LOOP = ['fixture:behaviour/bad-answers.wasm', 'filter'];
const BROKEN = ['fixture:behaviour/bad-answers.wasm', 'sign'];
const HOOK = ['filter.wasm', 'filter'];
const files = { 'filter.wasm': filterPlugin };

const dispatched = (args: readonly string[]): Promise<Run> => run(['dispatch', ...args], { files });

interface Report {
  readonly outcome: { readonly kind: string; readonly fuel: number; readonly error?: { readonly message: string } };
  readonly calls?: CallStatistics;
}

// The cast: the tests compare the fields.
const reportOf = async (args: readonly string[]): Promise<Report> =>
  documentOf(await dispatched([...args, '--json'])) as unknown as Report;

for (const plugin of [ROUTER, HOOK]) {
  dispatch(`calls ${plugin[0]} as often as asked, and shows time and fuel on standard error`, async () => {
    const once = await dispatched(plugin);
    const { code, stdout, stderr } = await dispatched([...plugin, '--repeat', '20']);
    assert.is(code, 0);
    assert.is(stdout, once.stdout);
    assert.not.match(once.stderr, 'p50');
    assert.match(stderr, /\n20 calls\n +p50 +p90 +p99 +max\n {2}ms( +\d+\.\d{3}){4}\n {2}fuel( +[\d,]+){4}\n$/);
  });

  dispatch(`puts time and fuel of the calls of ${plugin[0]} into the JSON document`, async () => {
    const { calls, outcome } = await reportOf([...plugin, '--repeat', '20']);
    if (calls === undefined) throw new Error('no calls');
    assert.is(calls.count, 20);
    assert.is(calls.fuel.p50, outcome.fuel);
    const isSorted = ({ p50, p90, p99, max }: Percentiles): boolean => p50 <= p90 && p90 <= p99 && p99 <= max;
    assert.ok(calls.fuel.p50 > 0 && isSorted(calls.fuel));
    assert.ok(calls.durationMs.max > 0 && isSorted(calls.durationMs));
    assert.is('calls' in (await reportOf(plugin)), false);
    assert.is((await reportOf([...plugin, '--repeat', '1'])).calls?.count, 1);
  });

  dispatch(`bounds the fuel and the time of a call of ${plugin[0]}`, async () => {
    const { fuel } = (await reportOf(plugin)).outcome;
    assert.is((await dispatched([...plugin, '--fuel', String(fuel + 1)])).code, 0);
    assert.is((await dispatched([...plugin, '--fuel', 'none', '--wall-ms', 'none'])).code, 0);
    assert.is((await dispatched([...plugin, '--fuel', '1'])).code, 1);
  });
}

dispatch('stops at the first call that fails', async () => {
  const { outcome, calls } = await reportOf([...BROKEN, '--repeat', '5']);
  assert.equal([outcome.kind, calls?.count], ['fallback', 1]);
  const { code, stderr } = await dispatched([...BROKEN, '--repeat', '5']);
  assert.is(code, 1);
  assert.match(stderr, '\n1 call\n');
  const hook = await reportOf([...HOOK, '--fuel', '2', '--repeat', '5']);
  assert.equal([hook.outcome.kind, hook.outcome.fuel, hook.calls?.count], ['error', 2, 1]);
});

dispatch('ends a loop by the fuel or the time that is given', async () => {
  const byFuel = await dispatched([...LOOP, '--fuel', '1000000', '--wall-ms', 'none']);
  assert.match(
    byFuel.stdout,
    /\n {2}error +PluginCall: .* ran out of fuel: 1,000,000 of 1,000,000 fuel\n {2}hint +Look for an endless loop/,
  );
  const byTime = await dispatched([...LOOP, '--fuel', 'none', '--wall-ms', '50']);
  assert.match(
    byTime.stdout,
    /\n {2}error +PluginCall: .* ran out of time: [\d,]+ of 50 ms of wall-clock time\n {2}hint +Do less in one call/,
  );
});

dispatch('has no calls to show if the plugin is rejected or cannot be built', async () => {
  const rejected = await dispatched(['fixture:behaviour/trap.wasm', 'observe', '--repeat', '5']);
  assert.is(rejected.code, 1);
  assert.not.match(rejected.stderr, 'p50');
  const { outcome, calls } = await reportOf([...ROUTER, '--fuel', '0', '--repeat', '5']);
  assert.equal([outcome.kind, calls], ['notBuilt', undefined]);
});

const mistakes: readonly (readonly [option: string, value: string, expected: string])[] = [
  ...['', '-1', '1.5', '1e3', 'Infinity', '1'.repeat(16)].flatMap(
    (value): (readonly [option: string, value: string, expected: string])[] => [
      ['--fuel', value, 'a whole number, or none'],
      ['--wall-ms', value, 'a whole number, or none'],
    ],
  ),
  ...['', '0', '-1', '1.5', 'none', '1000001'].map(
    (value): readonly [option: string, value: string, expected: string] => [
      '--repeat',
      value,
      'a whole number from 1 to 1000000',
    ],
  ),
];
for (const [option, value, expected] of mistakes) {
  dispatch(`refuses ${option}=${value}`, async () => {
    for (const plugin of [ROUTER, HOOK]) {
      const { code, stdout, stderr } = await dispatched([...plugin, `${option}=${value}`]);
      assert.equal([code, stdout], [2, '']);
      assert.is(
        stderr,
        `error: ${option} is '${value}', but must be ${expected}\n\nTry: cc-lb-plugin dispatch --help\n`,
      );
    }
  });
}

dispatch.run();
