// Compares the verdicts of the published conformance suite on the fixtures with those of this
// suite.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type ConformanceKind, verifyPlugin } from '../../src/conformance/index.ts';
import { fixture } from '../support/fixture.ts';
import { toHex } from '../support/hex.ts';

/** A verdict: the layers that passed, or the error that ended the suite. */
type Verdict = string | Readonly<Record<string, boolean>>;

interface Verdicts {
  readonly path: string;
  readonly sha256: string;
  /** The static checks that fail. Null if the plugin has no identity. */
  readonly static: readonly string[] | null;
  readonly shape: Verdict;
  readonly router: Verdict;
  readonly observability: Verdict;
}

const kinds: readonly Exclude<ConformanceKind, 'signer'>[] = ['shape', 'router', 'observability'];

// The cast: scripts/reference/record.ts wrote the file in this form.
const { cases } = JSON.parse(new TextDecoder().decode(await fixture('reference/conformance.json'))) as {
  readonly cases: readonly Verdicts[];
};

const hasPassed = (verdict: Verdict): boolean => typeof verdict !== 'string' && Object.values(verdict).every(Boolean);

const published = suite('the published conformance suite');

published('has judged the present fixtures', async () => {
  for (const { path, sha256 } of cases) {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(await fixture(path))));
    assert.is(toHex(digest), sha256, `${path} has changed: npm run test:reference -- --only conformance`);
  }
});

published('passes every complete plugin of its kinds', () => {
  const passed = cases.flatMap(({ path, ...of }) =>
    kinds.filter((kind) => hasPassed(of[kind])).map((kind) => `${kind} ${path}`),
  );
  assert.equal(passed, [
    'observability c/observer/observer.wasm',
    'shape dialect/dialect.wasm',
    'observability observer/observer.wasm',
    'router router/router.wasm',
    'shape rust/dialect/dialect.wasm',
    'observability rust/observer/observer.wasm',
    'router rust/router/router.wasm',
  ]);
});

for (const { path, ...of } of cases) {
  published(`${path}: what it fails, this suite fails too`, async () => {
    const wasm = await fixture(path);
    for (const kind of kinds) {
      if (hasPassed(of[kind])) continue;
      const { verdict } = verifyPlugin(wasm, kind, { fuel: 20_000_000, wallMs: 500 });
      assert.is(verdict, 'fail', `${kind}: the published suite says ${JSON.stringify(of[kind])}`);
    }
  });
}

for (const { path, ...of } of cases.filter((verdicts) => kinds.some((kind) => hasPassed(verdicts[kind])))) {
  published(`${path}: what it passes, this suite passes too`, async () => {
    const wasm = await fixture(path);
    for (const kind of kinds.filter((each) => hasPassed(of[each]))) {
      const report = verifyPlugin(wasm, kind);
      assert.equal(
        report.checks.filter(({ status }) => status === 'fail').map(({ id }) => id),
        [],
      );
    }
  });
}

published.run();
