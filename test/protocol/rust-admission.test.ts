import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AdmissionReport, admit } from '../../src/protocol/admit.ts';
import { fixture } from '../support/fixture.ts';
import { unhurried } from '../support/layers.ts';

const bytesOf = (name: string) => fixture(`rust/${name}/${name}.wasm`);

const admission = suite('admission of plugins in Rust');

/** The plugins that can be admitted, with their wire functions and slots. */
const admissible: Readonly<Record<string, readonly [functions: readonly string[], slots: readonly string[]]>> = {
  router: [['filter'], ['router']],
  dialect: [['normalize_error', 'shape'], ['shape']],
  observer: [['observe'], ['observability_hook']],
  signer: [['build_signer', 'on_unauthorized', 'sign'], []],
};

const outcomes = ({ layers }: AdmissionReport) =>
  layers.map(({ layer, status, error }) => `${layer} ${status}${error ? ` ${error.message}` : ''}`);

for (const [name, [functions, slots]] of Object.entries(admissible)) {
  admission(`the ${name} passes every layer`, async () => {
    const clock = () => 1_700_000_000_000;
    const report = admit(await bytesOf(name), { ...unhurried, clock, slots: 'all' });
    assert.equal(outcomes(report), ['identity passed', 'handshake passed', 'self_check passed', 'metadata passed']);
    assert.is(report.identity?.plugin_name, `rust-${name}`);
    assert.is(report.identity?.plugin_version, '1.0.0');
    assert.equal(report.slots, slots);
    assert.equal(
      report.metadata?.negotiated_functions,
      Object.assign(Object.create(null), Object.fromEntries(functions.map((wireFunction) => [wireFunction, 1]))),
    );
    // The plugin has no clock: it answers with the time from the request.
    assert.equal(report.selfCheck, { status: 'success', failures: [], completed_at: 1_700_000_000 });
  });
}

admission('a plugin that imports host functions is refused at the handshake, which provides none', async () => {
  const report = admit(await bytesOf('metrics'));
  assert.is(report.identity?.plugin_name, 'rust-metrics');
  assert.is(report.layers[1]?.error?.kind, 'Instantiate');
  assert.match(outcomes(report)[1] ?? '', /"extism:host\/user" "cc_lb_metric_incr"/);
});

admission('an offer without a common version is answered with an error', async () => {
  const offer = {
    handshake_schema_version: 1,
    envelope_version: 1,
    function_versions: { filter: [2] },
    host_capabilities: [],
  };
  const report = admit(await bytesOf('router'), { ...unhurried, offer });
  assert.equal(outcomes(report).slice(1, 2), [
    'handshake failed cc_lb_handshake failed: no common version of filter: this plugin speaks [1]',
  ]);
});

admission.run();
