import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  callablesOf,
  firstTarget,
  requestTypeOf,
  targetOf,
  targetText,
} from '../../../src/inspector/request/callables.ts';

const callables = suite('callables');

const names = (generation: 1 | 2) => callablesOf(generation).map(({ name }) => name);

callables('are the wire functions, and the hooks', () => {
  const wire = ['shape', 'normalize_error', 'build_signer', 'sign', 'on_unauthorized', 'observe', 'route', 'filter'];
  assert.equal(names(1).toSorted(), wire.toSorted());
  assert.equal(names(2), ['filter', 'shape', 'transform_response', 'transform_sse_event']);
});

callables('have the versions that declare them', () => {
  const versions = (name: string) => [
    ...(callablesOf(1)
      .find((each) => each.name === name)
      ?.requests.keys() ?? []),
  ];
  assert.equal(versions('filter'), ['v3']);
  assert.equal(versions('shape'), ['v1', 'v2']);
});

callables('are named in the address with a version; the newest if there is no such', () => {
  const wire = callablesOf(1);
  assert.equal(targetOf(wire, 'shape-v1'), { name: 'shape', version: 'v1' });
  for (const text of ['shape', 'shape-v9', 'shape-']) assert.is(targetOf(wire, text)?.version, 'v2');
  for (const text of ['', 'nothing-v1', '__proto__']) assert.is(targetOf(wire, text), undefined);
  assert.is(targetText({ name: 'shape', version: 'v1' }), 'shape-v1');
});

callables('begin with the first that the plugin implements', () => {
  assert.equal(firstTarget(1, ['sign', 'build_signer']), { name: 'build_signer', version: 'v2' });
  assert.equal(firstTarget(2, ['transform_response']), { name: 'transform_response', version: 'v1' });
  assert.is(firstTarget(1, []).name, names(1)[0]);
});

callables('take any JSON for what no version declares', () => {
  assert.is(requestTypeOf(callablesOf(1), { name: 'filter', version: 'v1' }).kind, 'opaque');
  assert.is(requestTypeOf(callablesOf(1), { name: 'filter', version: 'v3' }).kind, 'struct');
});

callables.run();
