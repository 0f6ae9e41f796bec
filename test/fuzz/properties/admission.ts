import * as assert from 'uvu/assert';
import { BuildPluginError, buildPlugin } from '../../../src/plugin/index.ts';
import { admit } from '../../../src/protocol/admit.ts';
import { dispatchWireCall } from '../../../src/protocol/dispatch.ts';
import { wire } from '../../../src/protocol/messages/index.ts';
import { unlessThrown } from '../../support/failure.ts';
import { mutatedModules } from './mutated-modules.ts';
import { property } from './property.ts';

/**
 * The most milliseconds of an admission and one dispatch of each function: a few deadlines on a
 * busy machine.
 */
const LONG_MS = 10_000;

const budget = { fuel: 1_000_000, wallMs: 100 };

/** For any bytes, an admission returns a report, and an admitted plugin answers or falls back. */
export const admission = property<Uint8Array>({
  name: 'admission',
  oracle: 'the types of the errors, and the clock',
  values: mutatedModules,
  check: (bytes) => {
    const since = performance.now();
    const report = admit(bytes, { handshake: budget, selfCheck: budget });
    const text = JSON.stringify(report);
    assert.is(JSON.stringify(JSON.parse(text)), text, 'the report is plain JSON');
    const failed = report.layers.filter(({ status }) => status === 'failed');
    assert.is(failed.length, report.admitted ? 0 : 1, 'one layer fails, or none');
    const plugin = unlessThrown(BuildPluginError, () => buildPlugin(bytes, budget))?.value;
    if (plugin !== undefined) {
      const negotiated = report.metadata ?? { negotiated_functions: { observe: 1, shape: 1 } };
      for (const fn of [wire.v1.observe, wire.v1.normalizeError]) {
        const { kind } = dispatchWireCall<unknown, unknown>(fn, plugin, negotiated, fn.dryRunRequest());
        assert.ok(kind === 'ok' || kind === 'fallback');
      }
      plugin.dispose();
    }
    const took = performance.now() - since;
    assert.ok(took < LONG_MS, `it took ${took} ms`);
  },
});
