import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildModule } from '../../scripts/hostile-compile/build-module.ts';
import { drawCase, largestSize } from '../../scripts/hostile-compile/draw.ts';
import { kindNamed, kinds } from '../../scripts/hostile-compile/kinds/index.ts';
import { readModule } from '../../src/wasm/index.ts';

const drawing = suite('the generator of hostile modules');

const limits = { branches: 20_000, locals: 2_000, params: 100, bodyBytes: 262_144 };

drawing('draws the same case for the same number, and another for another', () => {
  assert.equal(drawCase(1, 5, limits), drawCase(1, 5, limits));
  assert.not.equal(drawCase(1, 5, limits), drawCase(1, 6, limits));
  assert.not.equal(drawCase(1, 5, limits), drawCase(2, 5, limits));
});

drawing('draws each kind in each variant on each runtime before it draws one again, and most pairs', () => {
  const topics = kinds.flatMap(({ name, variants = [''] }) => variants.map((variant) => `${name} ${variant}`));
  const seen = new Set<string>();
  const pairs = new Set<string>();
  for (let index = 0; index < topics.length * 2; index++) {
    const { recipe, runtime } = drawCase(3, index, limits, { runtimes: 2 });
    const [topic] = recipe.parts;
    seen.add(`${topic?.kind} ${topic?.variant} ${runtime}`);
    for (const { kind } of recipe.parts) for (const { kind: other } of recipe.parts) pairs.add(`${kind} ${other}`);
  }
  assert.is(seen.size, topics.length * 2);
  assert.ok(pairs.size > kinds.length * 8, `${pairs.size} pairs`);
});

drawing('draws sizes within the limits, and often the limit itself', () => {
  let largest = 0;
  for (let index = 0; index < 400; index++) {
    for (const { kind: name, size } of drawCase(4, index, limits).recipe.parts) {
      const kind = kindNamed(name);
      const max = largestSize(kind, limits);
      assert.ok(size >= (kind.min ?? 1) && size <= max, `${name} ${size}`);
      if (size === max) largest++;
    }
  }
  assert.ok(largest > 100, `${largest} of the largest size`);
  assert.is(largestSize(kindNamed('branches'), limits), 20_000);
});

drawing('never mixes the two sets of instructions for exceptions', () => {
  for (let index = 0; index < 600; index++) {
    const sets = drawCase(5, index, limits).recipe.parts.map(({ kind }) => kindNamed(kind).exceptions);
    assert.not.ok(sets.includes('legacy') && sets.includes('standard'), String(index));
  }
});

for (const { name, variants = [''], min = 1, max } of kinds) {
  drawing(`makes readable modules of ${name}, in one function with others and in its own`, () => {
    for (const variant of variants) {
      for (const size of new Set([min, Math.max(min, Math.min(max, 300))])) {
        const part = { kind: name, size, variant };
        const other = { kind: 'branches', size: 3, variant: 'plain' };
        for (const together of [true, false]) {
          const bytes = buildModule({ parts: [part, other], together, copies: 2 }, 'test');
          assert.ok(readModule(bytes).exports.some((each) => each.name === 'run'));
          if (takes(name, variant)) assert.ok(WebAssembly.validate(bytes), `${name} ${variant} ${size}`);
        }
      }
    }
  });
}

/**
 * Whether this engine takes modules of a kind: not all take the newer exceptions, types and
 * memories.
 */
function takes(name: string, variant: string): boolean {
  const size = kindNamed(name).min ?? 2;
  const small = WebAssembly.validate(
    buildModule({ parts: [{ kind: name, size, variant }], together: false, copies: 1 }, 'x'),
  );
  // JavaScriptCore takes 100 memories, and counts labels in dead code otherwise.
  const limited = ['memories', 'dead-br-on-null', 'types'].includes(name);
  return small && !limited;
}

drawing.run();
