import * as assert from 'uvu/assert';
import { MeteringError, meterModule } from '../../../src/metering/index.ts';
import { mutatedModules } from './mutated-modules.ts';
import { property } from './property.ts';

/** The most milliseconds to meter a small module on a busy machine. */
const LONG_MS = 5_000;

/** Metering accepts only valid modules, and its result is a valid module. */
export const meteringModules = property<Uint8Array>({
  name: 'metering-modules',
  oracle: 'WebAssembly.validate, before and after',
  values: mutatedModules,
  check: (value) => {
    const bytes = new Uint8Array(value);
    const valid = WebAssembly.validate(bytes);
    const since = performance.now();
    try {
      const metered = meterModule(bytes);
      assert.ok(valid, 'an invalid module was metered');
      assert.ok(WebAssembly.validate(metered.bytes), 'a valid module became invalid');
    } catch (error) {
      if (!(error instanceof MeteringError)) throw error;
      const { kind } = error.failure;
      assert.ok(!valid || kind === 'LimitExceeded' || kind === 'FeatureRefused', `a valid module is ${error.message}`);
    }
    const took = performance.now() - since;
    assert.ok(took < LONG_MS, `metering took ${took} ms`);
  },
});
