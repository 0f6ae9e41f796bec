import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { descriptorOf, fingerprintOf } from '../../src/hooks/fingerprint.ts';
import { filterHook, shapeHook, transformResponseHook, transformSseEventHook } from '../../src/hooks/hook.ts';
import { toHex } from '../support/hex.ts';
import { recorded } from './archive/vectors.ts';
import { messages } from './messages.ts';

const fingerprints = suite('hooks/fingerprint');

// The cast: the project's own file.
const known = (await recorded('fingerprints.json')) as readonly {
  readonly type: string;
  readonly descriptor: string;
  readonly fingerprint: string;
}[];

fingerprints('all 26 descriptors have the fingerprints of the published crate', () => {
  assert.is(known.length, 26);
  for (const { type, descriptor, fingerprint } of known) assert.is(toHex(fingerprintOf(descriptor)), fingerprint, type);
});

fingerprints('each type has the descriptor of the crate, except where the crate has a mistake', () => {
  const others = messages.filter((type) => known.every(({ descriptor }) => descriptor !== descriptorOf(type)));
  const names = others.map((type) => ('name' in type ? type.name : type.kind));
  assert.equal(names.sort(), ['CachePricingSummary', 'TransformResponseResult', 'UpstreamCandidate']);
});

fingerprints('each hook has the fingerprint of its request, and the names of its export and section', () => {
  for (const hook of [filterHook, shapeHook, transformResponseHook, transformSseEventHook]) {
    const { request } = hook;
    assert.ok(request.kind === 'struct');
    const expected = known.find(({ type }) => type === request.name)?.fingerprint;
    assert.is(toHex(hook.fingerprint()), expected);
    assert.is(hook.fingerprint(), hook.fingerprint(), 'it is made once');
    assert.is(hook.exportName, `cc_lb_${hook.name}`);
    assert.is(hook.schemaSection, `cc_lb.schema.${hook.name}.v1`);
  }
});

fingerprints.run();
