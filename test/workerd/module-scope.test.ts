// What a worker can do while it is loaded, before any request.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Exchange } from '../support/exchange.ts';
import { given } from '../support/workerd.ts';
import { exchangesAtModuleScope } from './module-scope.ts';

const moduleScope = suite('at module scope of workerd');

/** A report of an admission in plain JSON. */
interface Report {
  readonly clockStood?: true;
  readonly layers?: readonly { readonly layer: string; readonly status: string }[];
  readonly steps?: readonly { readonly step: string; readonly status: string }[];
}

/** Whether anything of the plugin ran, or was to run. */
function wasCalled({ layers = [], steps = [] }: Report): boolean {
  const ran = [
    ...layers.filter(({ layer }) => layer === 'handshake' || layer === 'self_check'),
    ...steps.filter(({ step }) => step === 'probe'),
  ];
  return ran.some(({ status }) => status !== 'skipped');
}

for (const [path, { exchange }] of given) {
  moduleScope(`${path} is admitted and called as from its bytes`, () => {
    const { report, ...found }: Exchange = exchangesAtModuleScope.get(path) ?? {};
    // The cast: an exchange has the report of its admission.
    const { clockStood, ...same } = report as Report;
    assert.equal({ report: same, ...found }, exchange);
    assert.is(clockStood, wasCalled(same) ? true : undefined, 'no deadline holds there');
  });
}

moduleScope.run();
