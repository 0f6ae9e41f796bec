import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { resolveHooksOptions } from '../../../src/conformance/hooks/options.ts';
import { type HookPluginUnderTest, HookTestHost } from '../../../src/conformance/hooks/test-host.ts';
import { verifyWith } from '../../../src/conformance/hooks/verify.ts';
import {
  type Progress,
  REPORT_VERSION,
  type VerifyHooksOptions,
  type VerifyReport,
  verifyHooks,
  verifyPlugin,
} from '../../../src/conformance/index.ts';
import { admitHooks } from '../../../src/hooks/admit.ts';
import { withoutTimes } from '../../hooks/hook-fixture.ts';
import { thrownBy } from '../../support/failure.ts';
import { fixture } from '../../support/fixture.ts';
import { fixturePaths } from '../../support/fixtures-list.ts';
import { conformingPlugin, faultsOf, formIds, modesWith, options } from './plugins.ts';

const verify = suite('verifyHooks');

const both = await conformingPlugin();
const filter = await conformingPlugin({ filter: 'active' });
const noop = await conformingPlugin(modesWith('shape'));

const groups = ({ checks }: VerifyReport): string[] => [...new Set(checks.map(({ id }) => id.split('.')[0] ?? ''))];

verify('a plugin is verified for all slots that it is right for, or for the one of the options', () => {
  const report = verifyHooks(both, options);
  assert.equal(faultsOf(report), []);
  assert.equal([report.verdict, report.generation, report.kind], ['pass', 2, 'auto']);
  assert.equal(report.kinds, ['filter', 'shape']);
  assert.equal(report.plugin, {
    bytes: both.length,
    name: 'n',
    version: 'v',
    functions: ['filter', 'shape', 'transform_response', 'transform_sse_event'],
    capabilities: [],
  });
  const alone = verifyHooks(both, { ...options, slot: 'filter' });
  assert.equal([alone.kind, alone.kinds], ['filter', ['filter']]);
  assert.equal(groups(alone), ['inspection', 'advice', 'compile', 'probe', 'filter', 'budget', 'isolation']);
  assert.equal(verifyHooks(filter, options).kinds, ['filter']);
  assert.equal(verifyHooks(noop, options).kinds, ['shape']);
});

const fixtures: Readonly<Record<string, readonly string[]>> = {
  'filter/filter.wasm': ['warn isolation.state'],
  'filter-view/filter-view.wasm': [],
  'sticky/sticky.wasm': [],
  'shape/shape.wasm': [],
  'shape-active/shape-active.wasm': [],
  'seal/seal.wasm': [],
};
for (const [path, expected] of Object.entries(fixtures)) {
  verify(`fixtures/hooks/${path} conforms`, async () => {
    const report = verifyHooks(await fixture(`hooks/${path}`));
    assert.equal(faultsOf(report), expected);
    assert.is(report.plugin.version, '1.0.0');
  });
}

verify('no hostile module conforms, and each report says what to change', async () => {
  const paths = fixturePaths.filter((path) => path.startsWith('hooks/hostile/'));
  assert.ok(paths.length > 10);
  for (const path of paths) {
    const { verdict, checks } = verifyHooks(await fixture(path), { fuel: 1_000_000 });
    assert.is(verdict, 'fail', path);
    for (const { status, id, found, hint } of checks)
      if (status === 'fail' || status === 'warn') assert.ok(found && hint, `${path} ${id}`);
  }
});

verify('hooks of mode noop are skipped: no host calls them', () => {
  const report = verifyHooks(noop, options);
  assert.is(report.verdict, 'pass');
  const skipped = report.checks.filter(({ status, reason }) => status === 'skipped' && reason?.includes('active hook'));
  assert.equal(
    [...new Set(skipped.map(({ reason }) => reason))],
    [
      'transform_response is not an active hook of the plugin',
      'transform_sse_event is not an active hook of the plugin',
    ],
  );
  assert.ok(skipped.every(({ id }) => id.startsWith('transform-')));
});

verify('a plugin that is right for no slot has a report too', () => {
  for (const wasm of [new Uint8Array(), Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)]) {
    const { verdict, kind, kinds, plugin, checks } = verifyHooks(wasm);
    assert.equal([verdict, kind, kinds, plugin.functions], ['fail', 'auto', [], []]);
    assert.is(checks.filter(({ status }) => status === 'fail').length, 1);
  }
});

/** A report without what depends on the machine: durations, and how often it had time to call. */
function withoutTimesAndCounts(report: VerifyReport): unknown {
  const checks = report.checks.map(({ measured, ...check }) =>
    measured?.unit === 'calls' ? check : { ...check, measured },
  );
  return withoutTimes({ ...report, checks });
}

verify('the report is plain JSON, and the same each time but for durations and numbers of calls', () => {
  const report = verifyHooks(both, options);
  assert.equal(JSON.parse(JSON.stringify(report)), report);
  assert.is(report.version, REPORT_VERSION);
  assert.equal(withoutTimesAndCounts(verifyHooks(both, options)), withoutTimesAndCounts(report));
  const unlimited = verifyHooks(filter, { fuel: Number.POSITIVE_INFINITY, memoryMaxPages: Number.POSITIVE_INFINITY });
  assert.equal(JSON.parse(JSON.stringify(unlimited)), unlimited);
});

verify('ids are unique, and each rule is one line with a reference', () => {
  const { checks } = verifyHooks(both, options);
  assert.is(new Set(checks.map(({ id }) => id)).size, checks.length);
  for (const { id, rule, reference } of checks) {
    assert.match(id, /^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/);
    assert.match(rule, /^[^\n]{10,160}\.$/);
    assert.match(reference, /^abi\/HOOKS\.md#[a-z0-9-]+$/);
  }
});

verify('the fuel of each exercise is beside the limit', () => {
  const { checks } = verifyHooks(filter, { fuel: 500_000_000 });
  const exercises = checks.filter(({ id, measured }) => id.startsWith('filter.') && measured?.unit === 'fuel');
  assert.ok(exercises.length > 15, String(exercises.length));
  for (const { measured } of exercises) {
    assert.is(measured?.limit, 500_000_000);
    assert.ok((measured?.value ?? 0) > 0);
  }
  assert.is(checks.find(({ id }) => id === 'probe.budget')?.measured?.limit, 10_000_000);
});

verify('the exchange has a step for each of admission, and for the sample of each active hook', () => {
  const { exchange } = verifyHooks(noop, options);
  assert.equal(
    exchange.map(({ layer, title, status, isCall }) => `${layer} ${title} ${status}${isCall ? ', a call' : ''}`),
    [
      'inspect inspects the module passed',
      'compile compiles the module passed',
      'probe cc_lb_shape passed, a call',
      'call cc_lb_shape passed, a call',
    ],
  );
  const sample = exchange.at(-1);
  assert.ok((sample?.requestBytes ?? 0) > 200 && (sample?.responseBytes ?? 0) > 32 && (sample?.fuel ?? 0) > 0);
});

verify('the exchange ends at the step that fails', async () => {
  const statuses = (wasm: Uint8Array): string[] => verifyHooks(wasm, options).exchange.map(({ status }) => status);
  const specials = (form: string) => ({ specials: { filter: { [form]: 'unreachable' } } });
  assert.equal(statuses(await conformingPlugin({ filter: 'active' }, specials('probe'))), [
    'passed',
    'passed',
    'failed',
  ]);
  const sample = await conformingPlugin({ filter: 'active' }, specials('sample'));
  assert.equal(statuses(sample), ['passed', 'passed', 'passed', 'failed']);
  assert.equal(statuses(new Uint8Array()), ['failed', 'skipped']);
});

verify('a plugin that does not answer the sample gets no other request', async () => {
  const wasm = await conformingPlugin({ filter: 'active' }, { specials: { filter: { sample: 'unreachable' } } });
  let calls = 0;
  class CountingHost extends HookTestHost {
    override fresh(fuel?: number): HookPluginUnderTest {
      const target = super.fresh(fuel);
      // Each call asks for its pages once.
      const pages = (): number => {
        calls++;
        return target.pages();
      };
      return { ...target, pages };
    }
  }
  const host = new CountingHost(new Uint8Array(wasm), resolveHooksOptions(options), admitHooks(wasm).report, [
    'filter',
  ]);
  assert.equal(faultsOf(verifyWith(host)), ['fail filter.sample']);
  assert.is(calls, 1);
});

verify('a plugin that moves bytes without end gets no request after the one that runs out of time', async () => {
  const endless = '(loop $again (memory.fill (i32.const 0) (i32.const 0) (i32.const 65536)) (br $again))';
  const forms = formIds.filter;
  const form = 'no-headers';
  const wasm = await conformingPlugin({ filter: 'active' }, { specials: { filter: { [form]: endless } } });
  const resolved = resolveHooksOptions(options);
  assert.is(resolved.limits.call.wallMs, 60_000);
  assert.is(resolved.limits.probe.wallMs, 60_000);
  const call = { fuel: Number.POSITIVE_INFINITY, wallMs: 1_000 };
  const short = { ...resolved, limits: { ...resolved.limits, call } };
  const report = verifyWith(new HookTestHost(new Uint8Array(wasm), short, admitHooks(wasm).report, ['filter']));
  assert.equal(faultsOf(report), [`fail filter.${form}`]);
  const statusOf = (id: string): string | undefined =>
    report.checks.find((check) => check.id === `filter.${id}`)?.status;
  const at = forms.indexOf(form);
  assert.ok(at > 0 && at < forms.length - 1);
  for (const earlier of forms.slice(0, at)) assert.is(statusOf(earlier), 'pass', earlier);
  for (const later of forms.slice(at + 1)) assert.is(statusOf(later), 'skipped', later);
});

verify('onProgress is called after each check', () => {
  const seen: Progress[] = [];
  const { checks } = verifyHooks(filter, { ...options, onProgress: (progress) => seen.push(progress) });
  assert.equal(
    seen.map(({ check }) => check.id),
    checks.map(({ id }) => id),
  );
  assert.ok(seen.every(({ done, total }, index) => done === index + 1 && total === checks.length));
});

verify('a plugin of one generation fails in the suite of the other', async () => {
  const report = verifyPlugin(filter, 'auto');
  assert.equal([report.verdict, report.generation, faultsOf(report)], ['fail', 1, ['fail identity.generation']]);
  const other = verifyHooks(await fixture('router/router.wasm'));
  assert.equal([other.verdict, other.generation, faultsOf(other)], ['fail', 2, ['fail inspection.generation']]);
});

const mistakes: Readonly<Record<string, readonly [call: () => unknown, message: RegExp]>> = {
  // The casts: a caller without types can pass anything.
  'text as a module': [() => verifyHooks('wasm' as unknown as Uint8Array), /wasm must be/],
  'a response hook as slot': [
    () => verifyHooks(filter, { slot: 'transform_response' } as unknown as VerifyHooksOptions),
    /options\.slot must be 'filter' or 'shape'/,
  ],
  'NaN as fuel': [() => verifyHooks(filter, { fuel: Number.NaN }), /options\.fuel must be a number/],
  'a time': [
    () => verifyHooks(filter, { wallMs: 1 } as unknown as VerifyHooksOptions),
    /options\.wallMs must be left out/,
  ],
  'null as options': [() => verifyHooks(filter, null as unknown as VerifyHooksOptions), /options must be an object/],
};
for (const [what, [call, message]] of Object.entries(mistakes)) {
  verify(`${what} is the caller's mistake`, () => {
    const thrown = thrownBy(call);
    assert.ok(thrown instanceof TypeError);
    assert.match(thrown.message, message);
  });
}

verify.run();
