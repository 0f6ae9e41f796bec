import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type ConformanceKind,
  conformanceKinds,
  openSession,
  type Progress,
  REPORT_VERSION,
  type VerifyOptions,
  type VerifyReport,
  verifyObservability,
  verifyPlugin,
  verifyRouter,
  verifyShape,
  verifySigner,
} from '../../src/conformance/index.ts';
import type { PluginKind } from '../../src/protocol/messages/index.ts';
import { thrownBy } from '../support/failure.ts';
import { fixture } from '../support/fixture.ts';
import { fixturePaths } from '../support/fixtures-list.ts';
import { faultsOf, recorded, replay } from '../support/recorded-plugin.ts';
import { scriptedGuest } from '../support/scripted-guest.ts';

const verify = suite('verifyPlugin');

type Verify = (wasm: Uint8Array, options?: VerifyOptions) => VerifyReport;

const plugins: readonly (readonly [path: string, kind: ConformanceKind, verifyKind: Verify, functions: string[]])[] = [
  ['router/router.wasm', 'router', verifyRouter, ['filter']],
  ['dialect/dialect.wasm', 'shape', verifyShape, ['normalize_error', 'shape']],
  ['observer/observer.wasm', 'observability', verifyObservability, ['observe']],
  ['signer/signer.wasm', 'signer', verifySigner, ['build_signer', 'on_unauthorized', 'sign']],
];

const checksOf = ({ checks }: VerifyReport) => checks.map(({ id, status }) => `${id} ${status}`);

for (const [path, kind, verifyKind, functions] of plugins) {
  verify(`${path} conforms as ${kind}, and auto finds that`, async () => {
    const wasm = await fixture(path);
    const report = verifyKind(wasm);
    assert.equal(faultsOf(report), []);
    assert.is(report.verdict, 'pass');
    assert.is(report.kind, kind);
    assert.equal(report.plugin, {
      bytes: wasm.length,
      name: path.split('/')[0],
      version: '1.0.0',
      functions,
      capabilities: [],
    });
    const auto = verifyPlugin(wasm, 'auto');
    assert.equal(auto.kinds, [kind]);
    assert.equal(checksOf(auto), checksOf(report));
    assert.is(auto.counts.pass, report.checks.length);
  });

  verify(`${path} fails as another kind`, async () => {
    const wasm = await fixture(path);
    for (const other of conformanceKinds.filter((candidate) => candidate !== kind)) {
      assert.equal(faultsOf(verifyPlugin(wasm, other)), ['fail kind.required', 'fail kind.allowed']);
    }
  });
}

const alsoCalled: Readonly<Record<string, PluginKind>> = {
  'dialect/dialect.wasm': 'dialect',
  'observer/observer.wasm': 'observability',
  'signer/signer.wasm': 'signer_factory',
};

for (const [path, kind] of Object.entries(alsoCalled)) {
  verify(`${path} conforms as what the protocol calls ${kind}`, async () => {
    const report = verifyPlugin(await fixture(path), kind);
    assert.is(report.verdict, 'pass');
    assert.equal(
      [report.kind],
      plugins.filter(([of]) => of === path).map(([, own]) => own),
    );
    assert.equal(report.kinds, [report.kind]);
  });
}

verify('an unknown kind is refused, and the error lists the known ones', async () => {
  const wasm = await fixture('router/router.wasm');
  const expected = 'kind must be one of router, shape (or dialect), observability, signer (or signer_factory), auto';
  for (const kind of ['filter', 'constructor', {}, null, undefined]) {
    // @ts-expect-error: the compiler refuses an unknown kind too
    const thrown = thrownBy(() => verifyPlugin(wasm, kind));
    assert.ok(thrown instanceof TypeError);
    assert.is(thrown.message, expected);
  }
});

verify('no plugin of fixtures/behaviour conforms, and each report says what to change', async () => {
  for (const path of fixturePaths.filter((candidate) => candidate.startsWith('behaviour/'))) {
    const report = verifyPlugin(await fixture(path), 'auto', { fuel: 1_000_000 });
    assert.is(report.verdict, 'fail', path);
    for (const { status, id, found, hint } of report.checks) {
      if (status === 'fail' || status === 'warn') assert.ok(found && hint, `${path} ${id}`);
    }
  }
});

verify('the report is plain JSON', async () => {
  const report = verifyRouter(await fixture('router/router.wasm'));
  assert.equal(JSON.parse(JSON.stringify(report)), report);
  assert.is(report.version, REPORT_VERSION);
});

verify('ids are unique, and each rule is one line with a reference', async () => {
  const report = verifyPlugin(await fixture('behaviour/bad-answers.wasm'), 'auto', { fuel: 1_000_000 });
  const ids = report.checks.map(({ id }) => id);
  assert.is(new Set(ids).size, ids.length);
  for (const { id, rule, reference } of report.checks) {
    assert.match(id, /^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/);
    assert.match(rule, /^[^\n]{10,160}\.$/);
    assert.match(reference, /^abi\/PROTOCOL\.md#(A-\d+|[a-z0-9-]+)$/);
  }
});

verify('the report has measurements', async () => {
  const { checks } = verifyRouter(await fixture('router/router.wasm'), { fuel: 500_000_000 });
  const measured = Object.fromEntries(checks.map(({ id, measured: measurement }) => [id, measurement]));
  assert.is(measured['budget.fuel']?.limit, 500_000_000);
  assert.ok((measured['budget.fuel']?.value ?? 0) > 10_000);
  assert.is(measured['budget.memory']?.unit, 'pages');
  assert.is(measured['handshake.budget']?.limit, 10_000_000);
});

verify('the exchange has a step for each layer and each function', async () => {
  const { exchange } = verifyShape(await fixture('dialect/dialect.wasm'));
  assert.equal(
    exchange.map(({ layer, title, status }) => `${layer} ${title} ${status}`),
    [
      'identity reads cc_lb.plugin.v1 passed',
      'handshake cc_lb_handshake passed',
      'self_check cc_lb_self_check passed',
      'metadata writes the record passed',
      'dispatch shape passed',
      'dispatch normalize_error passed',
    ],
  );
  // The response of normalize_error to its sample: {"_v":1,"body_base64":null}
  assert.is(exchange.at(-1)?.responseBytes, 27);
  assert.ok(exchange.filter(({ isCall }) => isCall).every(({ fuel }) => (fuel ?? 0) > 0));
});

verify('the exchange of a plugin without slots has no self-check call', async () => {
  const { exchange } = verifySigner(await fixture('signer/signer.wasm'));
  const selfCheck = exchange.find(({ layer }) => layer === 'self_check');
  assert.equal([selfCheck?.isCall, selfCheck?.status, selfCheck?.request], [false, 'passed', undefined]);
});

verify('the exchange ends at the step that fails', async () => {
  const { exchange } = verifyPlugin(await fixture('behaviour/self-check-failure.wasm'), 'auto');
  assert.equal(
    exchange.map(({ status }) => status),
    ['passed', 'passed', 'failed', 'skipped'],
  );
  const bad = verifyPlugin(await fixture('behaviour/bad-answers.wasm'), 'shape', { fuel: 1_000_000 });
  const dispatched = bad.exchange.filter(({ layer }) => layer === 'dispatch');
  assert.equal(
    dispatched.map(({ status }) => status),
    ['failed', 'failed'],
  );
});

verify('onProgress is called after each check', async () => {
  const seen: Progress[] = [];
  const { checks } = verifyRouter(await fixture('router/router.wasm'), {
    onProgress: (progress) => seen.push(progress),
  });
  assert.equal(
    seen.map(({ check }) => check.id),
    checks.map(({ id }) => id),
  );
  assert.equal(
    seen.map(({ done }) => done),
    checks.map((_, index) => index + 1),
  );
  assert.ok(seen.every(({ total }) => total === checks.length));
});

verify('a signer is verified with its factory state, and the report does not repeat it', async () => {
  const wasm = await fixture('signer/signer.wasm');
  const secret = 'sk-0123456789';
  const report = verifySigner(wasm, { factoryState: { key: secret, serial: 18446744073709551615n } });
  // With a state, the signer answers `retry`: a word that is not published.
  assert.equal(faultsOf(report), ['warn on-unauthorized.known-decision']);
  assert.not.match(JSON.stringify(report), secret);
  const refused = verifySigner(wasm, { factoryState: [secret] });
  assert.equal(faultsOf(refused), ['fail build-signer.answers']);
  assert.match(refused.checks.find(({ id }) => id === 'build-signer.answers')?.hint ?? '', 'factoryState');
});

verify('the report says that a budget is too small for a plugin', async () => {
  const wasm = await scriptedGuest({ ...replay(await recorded('router')), pages: 3 });
  const report = verifyPlugin(wasm, 'router', { memoryMaxPages: 2 });
  assert.equal(faultsOf(report), ['fail filter.answers']);
  assert.is(report.exchange.at(-1)?.status, 'failed');
  const signer = verifySigner(await fixture('signer/signer.wasm'), { memoryMaxPages: 0 });
  assert.equal(faultsOf(signer), ['fail build-signer.answers']);
  assert.equal(
    signer.exchange.slice(-3).map(({ status }) => status),
    ['failed', 'skipped', 'skipped'],
  );
});

verify('initial memory may have its own limit', async () => {
  const wasm = await scriptedGuest({ ...replay(await recorded('router')), pages: 40 });
  const report = verifyPlugin(wasm, 'router');
  assert.equal(faultsOf(report), ['fail filter.answers']);
  const found = report.checks.find(({ id }) => id === 'filter.answers')?.found ?? '';
  assert.match(found, /4\d pages of memory, at most 32 are allowed \(option initialMemoryMaxPages\)/);
  const allowed = verifyPlugin(wasm, 'router', { initialMemoryMaxPages: 64 });
  assert.equal(faultsOf(allowed), []);
  // The measurement does not include initial memory.
  const measured = allowed.checks.find(({ measured }) => measured?.unit === 'pages')?.measured?.value ?? Number.NaN;
  assert.ok(measured < 10, String(measured));
  using session = openSession(wasm, { initialMemoryMaxPages: 64 });
  assert.ok(session.admission.admitted);
});

verify('the report keeps only the beginning of a long error', async () => {
  const guest = replay(await recorded('router'));
  const filter = { answers: new Map(), otherwise: { error: 'x'.repeat(100_000) } };
  const report = verifyPlugin(await scriptedGuest({ ...guest, exports: { ...guest.exports, filter } }), 'router');
  const found = report.checks.find(({ id }) => id === 'filter.answers')?.found ?? '';
  assert.match(found, /x{1000}… \(\d+ more characters\)$/);
  assert.ok(found.length < 2_100, String(found.length));
});

const mistakes: Readonly<Record<string, () => unknown>> = {
  // The casts: a caller without types can pass anything.
  'text as a module': () => verifyPlugin('wasm' as unknown as Uint8Array, 'auto'),
  'NaN as fuel': () => verifyRouter(new Uint8Array(), { fuel: Number.NaN }),
  'a negative number as pages': () => verifyRouter(new Uint8Array(), { initialMemoryMaxPages: -1 }),
  'text as capabilities': () => verifyRouter(new Uint8Array(), { hostCapabilities: 'storage' }),
  'null as options': () => verifyRouter(new Uint8Array(), null as unknown as VerifyOptions),
};
for (const [what, call] of Object.entries(mistakes)) {
  verify(`${what} is the caller's mistake`, () => {
    assert.throws(call, (error: Error) => error instanceof TypeError);
  });
}

verify('more capabilities than an offer may hold are the caller’s mistake', () => {
  const hostCapabilities = Array.from({ length: 33 }, (_, index) => `c${index}`);
  assert.throws(() => verifyRouter(new Uint8Array(), { hostCapabilities }), /at most 32/);
});

verify.run();
