import { type VerifyReport, verifyPlugin } from '../../src/conformance/index.ts';
import { fixture } from './fixture.ts';

/** What a plugin could put into its texts to break out of where they are written. */
export const HOSTILE = [
  `</title></style><script>alert(1)</script><img src="http://evil.example/x" onerror='alert(1)'>`,
  ` # SKIP \\ ]]> & "\n...\nnot ok 1\n\u0000\u001b[31m\u202e\ud800\ufffe`,
].join('');

/** A report of a plugin that fails, with hostile texts wherever a plugin has a say. */
export async function hostileReport(): Promise<VerifyReport> {
  const report = verifyPlugin(await fixture('behaviour/bad-answers.wasm'), 'auto', { fuel: 1_000_000 });
  return {
    ...report,
    plugin: { ...report.plugin, name: HOSTILE, version: HOSTILE, functions: [HOSTILE], capabilities: [HOSTILE] },
    checks: report.checks.map((check) => ({
      ...check,
      ...(check.found !== undefined && { found: HOSTILE }),
      ...(check.reason !== undefined && { reason: HOSTILE }),
    })),
    exchange: report.exchange.map((step) => ({ ...step, request: HOSTILE, response: HOSTILE })),
  };
}
