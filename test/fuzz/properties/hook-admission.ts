import * as assert from 'uvu/assert';
import { admitHooks } from '../../../src/hooks/admit.ts';
import { hooks } from '../../../src/hooks/hook.ts';
import { fixture } from '../../support/fixture.ts';
import { fixturePaths } from '../../support/fixtures-list.ts';
import { mutationsOf } from './mutated-modules.ts';
import { property } from './property.ts';

/**
 * The most milliseconds of an admission and one call of each hook: a few deadlines on a busy
 * machine.
 */
const LONG_MS = 10_000;

const budget = { fuel: 500_000, wallMs: 100 };

const originals = await Promise.all(fixturePaths.filter((path) => path.startsWith('hooks/')).map(fixture));

/** For any bytes, an admission returns a report, and each call of an admitted plugin an outcome. */
export const hookAdmission = property<Uint8Array>({
  name: 'hook-admission',
  oracle: 'the types of the errors, and the clock',
  values: mutationsOf(originals),
  check: (bytes) => {
    const since = performance.now();
    const { report, plugin } = admitHooks(bytes, { probe: budget, call: budget, memoryMaxPages: 64 });
    const text = JSON.stringify(report);
    assert.is(JSON.stringify(JSON.parse(text)), text, 'the report is plain JSON');
    const failed = report.steps.filter(({ status }) => status === 'failed');
    assert.is(failed.length, report.admitted ? 0 : 1, 'one step fails, or none');
    assert.is(plugin !== undefined, report.admitted);
    for (const { fuel = 0 } of report.steps) assert.ok(fuel <= budget.fuel, `a probe burnt ${fuel}`);
    for (const hook of plugin === undefined ? [] : hooks) {
      const outcome = plugin?.call(hook, hook.sample());
      if (outcome?.kind === 'error') assert.is.not(outcome.error.failure.kind, 'Panic', String(outcome.error.cause));
      assert.ok((plugin?.fuelConsumed ?? 0) <= budget.fuel, 'a call stays within its budget');
    }
    const took = performance.now() - since;
    assert.ok(took < LONG_MS, `it took ${took} ms`);
  },
});
