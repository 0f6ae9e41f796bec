import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ownHost, type Vector } from '../../../src/conformance/vectors/index.ts';

const host = suite('vectors: ownHost');

const archives = (fields: object): Vector<'hooks-archives'> => ({
  id: 'hooks-archives/a',
  layer: 'hooks-archives',
  rule: 'HA-1',
  type: 'Claim',
  ...fields,
});

const wrong: readonly (readonly [string, Vector, RegExp])[] = [
  ['a type', archives({ type: 'Claims' }), /^HOOKS\.md has no type Claims$/],
  ['what to read or write', archives({}), /^a vector of an archive has an archive or a value$/],
  [
    'a slot',
    { id: 'hooks-inspection/a', layer: 'hooks-inspection', rule: 'HI-1', wasm: new Uint8Array(), slot: 'filters' },
    /^HOOKS\.md has no hook filters$/,
  ],
  [
    'a wire type',
    { id: 'json/a', layer: 'json', rule: 'J-1', type: 'Claims', way: 'direct', json: new Uint8Array() },
    /^no wire type is named Claims$/,
  ],
  [
    'a function',
    { id: 'requests/a', layer: 'requests', rule: 'T-1', function: 'shapes', request: '{}', version: 1 },
    /^v1 has no function shapes$/,
  ],
];

for (const [what, vector, message] of wrong)
  host(`a vector that does not name ${what} of the documents is an error that says so`, async () => {
    const error = await ownHost(vector).catch((thrown: unknown) => thrown);
    assert.match(error instanceof Error ? error.message : '', message);
  });

host.run();
