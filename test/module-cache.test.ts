// The cache of compiled modules by itself: what it finds, and what it forgets.
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CACHE_BOUNDS, ModuleCache } from '../src/module-cache.ts';

const caches = suite('module-cache');

/** Stand for compiled modules. */
const [a, b, c, d] = [{}, {}, {}, {}] as const;

/** Bytes in a buffer of their own. */
function bytes(...values: readonly number[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(values);
}

caches('finds a module by its bytes and options', () => {
  const cache = new ModuleCache();
  assert.is(cache.find(bytes(1, 2, 3), 'x'), undefined);
  cache.keep(bytes(1, 2, 3), 'x', a, 1);
  cache.keep(bytes(1, 2, 3), 'y', b, 1);
  cache.keep(bytes(1, 2), 'x', c, 1);
  assert.is(cache.find(bytes(1, 2, 3), 'x'), a);
  assert.is(cache.find(bytes(1, 2, 3), 'y'), b);
  assert.is(cache.find(bytes(1, 2), 'x'), c);
  assert.is(cache.find(bytes(1, 2, 3), 'z'), undefined);
  assert.is(cache.find(bytes(), 'x'), undefined);
});

caches('bytes that differ anywhere are other bytes', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 40 }),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (any, at, by) => {
        const cache = new ModuleCache();
        const other = any.slice();
        other[at % any.length] = (other[at % any.length] ?? 0) ^ by;
        cache.keep(any.slice(), '', a, 0);
        cache.keep(other.slice(), '', b, 0);
        assert.is(cache.find(any.slice(), ''), a);
        assert.is(cache.find(other.slice(), ''), b);
      },
    ),
  );
});

caches('the modules that were used longest ago are forgotten first', () => {
  const cache = new ModuleCache({ modules: 2, bytes: 1_000 });
  cache.keep(bytes(1), '', a, 0);
  cache.keep(bytes(2), '', b, 0);
  assert.is(cache.find(bytes(1), ''), a);
  cache.keep(bytes(3), '', c, 0);
  assert.is(cache.find(bytes(2), ''), undefined);
  assert.is(cache.find(bytes(1), ''), a);
  assert.is(cache.find(bytes(3), ''), c);
});

caches('the bound of bytes counts each original and what was compiled', () => {
  const cache = new ModuleCache({ modules: 10, bytes: 20 });
  cache.keep(bytes(1), '', a, 9);
  cache.keep(bytes(2), '', b, 9);
  assert.is(cache.find(bytes(1), ''), a);
  assert.is(cache.find(bytes(2), ''), b);
  cache.keep(bytes(3), '', c, 1);
  assert.is(cache.find(bytes(1), ''), undefined);
  assert.is(cache.find(bytes(2), ''), b);
  assert.is(cache.find(bytes(3), ''), c);
});

caches('a module above the bound of bytes is not kept, and displaces nothing', () => {
  const cache = new ModuleCache({ modules: 10, bytes: 20 });
  cache.keep(bytes(1), '', a, 9);
  cache.keep(bytes(2), '', b, 20);
  assert.is(cache.find(bytes(2), ''), undefined);
  assert.is(cache.find(bytes(1), ''), a);
  cache.keep(bytes(3), '', c, 19);
  assert.is(cache.find(bytes(3), ''), c);
  assert.is(cache.find(bytes(1), ''), undefined);
});

caches('of two modules of the same bytes and options the first is kept', () => {
  const cache = new ModuleCache({ modules: 1, bytes: 20 });
  cache.keep(bytes(1), '', a, 1);
  cache.keep(bytes(1), '', d, 1);
  assert.is(cache.find(bytes(1), ''), a);
});

caches('says how much it holds, and how many modules it forgot', () => {
  const cache = new ModuleCache({ modules: 3, bytes: 20 });
  assert.equal(cache.size, { modules: 0, bytes: 0 });
  assert.is(cache.keep(bytes(1), '', a, 4), 0);
  assert.is(cache.keep(bytes(1), '', a, 4), 0);
  assert.is(cache.keep(bytes(2), '', b, 5), 0);
  assert.equal(cache.size, { modules: 2, bytes: 11 });
  assert.is(cache.keep(bytes(3), '', c, 15), 2);
  assert.equal(cache.size, { modules: 1, bytes: 16 });
  assert.is(cache.keep(bytes(4), '', d, 20), 0);
  assert.equal(cache.size, { modules: 1, bytes: 16 });
});

caches('has room for many small modules, and for the largest that the limits allow', () => {
  assert.ok(CACHE_BOUNDS.modules >= 16);
  assert.ok(CACHE_BOUNDS.bytes >= 3 * 2 * 1024 * 1024);
});

caches.run();
