import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { generationOf } from '../src/generation/index.ts';
import { fixture } from './support/fixture.ts';
import { wat } from './support/wat.ts';

const generation = suite('the generation of a plugin');

const exporting = async (...names: readonly string[]): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await wat(`(module (func $f) ${names.map((name) => `(export "${name}" (func $f))`).join(' ')})`));

generation('the exported functions tell it', async () => {
  const cases: readonly (readonly [names: readonly string[], 1 | 2 | undefined])[] = [
    [['cc_lb_handshake'], 1],
    [['cc_lb_alloc'], 2],
    [['cc_lb_alloc', 'cc_lb_handshake'], 2],
    [['cc_lb_handshake', 'cc_lb_filter'], 1],
    [['cc_lb_filter'], 2],
    [['cc_lb_shape'], 2],
    [['filter', 'shape'], undefined],
    [[], undefined],
  ];
  for (const [names, expected] of cases) {
    const bytes = await exporting(...names);
    assert.is(generationOf(bytes), expected, names.join());
    assert.is(generationOf(new WebAssembly.Module(bytes)), expected, names.join());
  }
});

generation('only functions count', async () => {
  assert.is(generationOf(await wat('(module (global (export "cc_lb_alloc") i32 (i32.const 0)))')), undefined);
});

generation('the code may be invalid, and what cannot be read has none', async () => {
  const router = await fixture('router/router.wasm');
  assert.is(generationOf(router), 1);
  assert.is(generationOf(router.slice(0, 4)), undefined);
  assert.is(generationOf(new Uint8Array()), undefined);
  const broken = await exporting('cc_lb_alloc');
  assert.is(generationOf(broken.fill(0xff, broken.length - 1)), 2);
});

generation('what is not a module is a mistake of the host', () => {
  // The cast: what a caller without a type checker can pass.
  assert.throws(() => generationOf('x' as unknown as Uint8Array), /wasm must be .* a string was given/);
});

generation.run();
