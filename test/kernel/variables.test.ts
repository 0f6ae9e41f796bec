import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { KernelFunctionError } from '../../src/kernel/functions.ts';
import { DEFAULT_MAX_VAR_BYTES, Variables } from '../../src/kernel/variables.ts';
import { thrownBy } from '../support/failure.ts';

const variables = suite('variables');

/** Checks and stores, as var_set does. */
const store = (stored: Variables, key: string, bytes: number | undefined): void => {
  stored.check(key, bytes);
  stored.set(key, bytes === undefined ? undefined : new Uint8Array(bytes));
};
const refused = (run: () => void): boolean => {
  try {
    run();
    return false;
  } catch (error) {
    assert.instance(error, KernelFunctionError);
    return true;
  }
};

variables('an entry counts 48 bytes beside key and value, and may fill the limit exactly', () => {
  assert.not(refused(() => new Variables(48 + 3 + 5).check('key', 5)));
  assert.ok(refused(() => new Variables(48 + 3 + 4).check('key', 5)));
});

variables('keys are counted in UTF-8', () => {
  assert.not(refused(() => new Variables(48 + 4).check('🙂', 0)));
  assert.ok(refused(() => new Variables(48 + 3).check('🙂', 0)));
});

variables('the first and last characters of each length in UTF-8 are counted exactly', () => {
  for (const code of [0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x1_0000, 0x10_ffff]) {
    const key = `a${String.fromCodePoint(code)}b`;
    const bytes = 48 + new TextEncoder().encode(key).length;
    assert.not(
      refused(() => new Variables(bytes).check(key, 0)),
      code.toString(16),
    );
    assert.ok(
      refused(() => new Variables(bytes - 1).check(key, 0)),
      code.toString(16),
    );
  }
});

variables('the entry to be replaced is counted too', () => {
  const stored = new Variables(2 * (48 + 1 + 10));
  store(stored, 'a', 10);
  assert.ok(refused(() => store(stored, 'a', 11)));
  assert.is(stored.get('a')?.length, 10);
  store(stored, 'a', 10);
  // A replaced entry counts once again, not once for each time that it was set.
  store(stored, 'a', 10);
  store(stored, 'b', 10);
  assert.ok(refused(() => store(stored, 'a', 1)));
});

variables('removal is allowed if the store is full, and makes room', () => {
  const stored = new Variables(48 + 1 + 10);
  store(stored, 'a', 10);
  assert.ok(refused(() => store(stored, 'b', 0)));
  store(stored, 'a', undefined);
  assert.is(stored.get('a'), undefined);
  store(stored, 'b', 10);
  store(stored, 'unknown', undefined);
  assert.is(stored.get('b')?.length, 10);
});

variables('limit 0 refuses every change, removal too', () => {
  const stored = new Variables(0);
  assert.ok(refused(() => stored.check('a', 1)));
  assert.ok(refused(() => stored.check('a', undefined)));
  assert.match(String(thrownBy(() => stored.check('a', undefined))), 'disabled');
  assert.is(stored.get('a'), undefined);
});

variables('a limit too small for any entry still allows removal; Infinity allows all', () => {
  assert.not(refused(() => new Variables(1).check('a', undefined)));
  assert.ok(refused(() => new Variables(1).check('a', 0)));
  assert.not(refused(() => new Variables(Number.POSITIVE_INFINITY).check('a', 2 ** 32)));
});

variables('1 MiB is the default', () => {
  assert.is(DEFAULT_MAX_VAR_BYTES, 1_048_576);
});

variables('clear removes all variables and resets the count', () => {
  const stored = new Variables(60);
  store(stored, 'a', 10);
  stored.clear();
  assert.is(stored.get('a'), undefined);
  store(stored, 'b', 10);
});

variables('names of Object.prototype are ordinary names', () => {
  const stored = new Variables(1000);
  assert.is(stored.get('__proto__'), undefined);
  store(stored, '__proto__', 3);
  assert.is(stored.get('__proto__')?.length, 3);
  assert.is(stored.get('constructor'), undefined);
});

variables('after any changes the limit applies exactly to what is stored', () => {
  const limit = 500;
  const key = fc.constantFrom('a', 'bb', 'ü', '');
  const change = fc.tuple(key, fc.option(fc.integer({ min: 0, max: 120 }), { nil: undefined }));
  fc.assert(
    fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
      const stored = new Variables(limit);
      const model = new Map<string, number>();
      const bytes = (name: string, length: number): number => 48 + new TextEncoder().encode(name).length + length;
      for (const [name, length] of changes) {
        const used = [...model].reduce((sum, [other, size]) => sum + bytes(other, size), 0);
        const tooMuch = length !== undefined && used + bytes(name, length) > limit;
        assert.is(
          refused(() => store(stored, name, length)),
          tooMuch,
        );
        if (tooMuch) continue;
        if (length === undefined) model.delete(name);
        else model.set(name, length);
        assert.is(stored.get(name)?.length, length);
      }
    }),
  );
});

variables.run();
