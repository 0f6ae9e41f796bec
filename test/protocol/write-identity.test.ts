import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  IDENTITY_SECTION_NAME,
  IdentityReadError,
  type IdentityReadFailure,
  readIdentity,
} from '../../src/protocol/identity.ts';
import { JsonEncodeError } from '../../src/protocol/messages/index.ts';
import { writeIdentity } from '../../src/protocol/write-identity.ts';
import { customSection } from '../../src/wasm/index.ts';
import { moduleOf, name, section } from '../support/bytes.ts';
import { failureOf, thrownBy } from '../support/failure.ts';
import { fixture } from '../support/fixture.ts';

const utf8 = new TextEncoder();
const names = { plugin_name: 'my-router', plugin_version: '2.0.0-rc.1' };
const written = { magic: [204, 27, 112, 16, 0, 1, 0, 0], abi_envelope: 1, ...names };
const expected = [...customSection(IDENTITY_SECTION_NAME, utf8.encode(JSON.stringify(written)))];

const types = section(1, 0);
const other = section(0, ...name('name'), 1, 2, 3);
const broken = [...customSection(IDENTITY_SECTION_NAME, utf8.encode('broken'))];
// A size of five bytes: other bytes are copied, and not encoded again.
const padded = [0, 0x86, 0x80, 0x80, 0x80, 0x00, ...name('debug')];

const writing = suite('writing an identity');

const places: Readonly<Record<string, readonly [before: readonly number[][], after: readonly number[][]]>> = {
  'at the end of an empty module': [[], [expected]],
  'at the end of a module without one': [
    [types, padded],
    [types, padded, expected],
  ],
  'where the old one is': [
    [types, broken, padded],
    [types, expected, padded],
  ],
  'where the first of several is': [
    [broken, types, broken, broken, other, broken],
    [expected, types, other],
  ],
};
for (const [place, [before, after]] of Object.entries(places)) {
  writing(place, () => {
    const wasm = moduleOf(...before);
    const original = wasm.slice();
    const result = writeIdentity(wasm, names);
    assert.equal(result, moduleOf(...after));
    assert.equal(readIdentity(result), written);
    assert.equal(wasm, original);
    assert.ok(WebAssembly.validate(result));
    assert.equal(writeIdentity(result, names), result);
  });
}

writing('repairs the plugins whose identity is missing, doubled or wrong', async () => {
  for (const plugin of ['no-identity', 'two-identities', 'wrong-magic']) {
    const wasm = await fixture(`behaviour/${plugin}.wasm`);
    assert.is(failureOf(IdentityReadError, () => readIdentity(wasm)).kind === 'Validation', false);
    assert.equal(readIdentity(writeIdentity(wasm, names)), written);
  }
});

writing('takes a buffer, also a shared one', () => {
  const wasm = moduleOf(types);
  assert.equal(writeIdentity(wasm.buffer, names), moduleOf(types, expected));
  if (typeof SharedArrayBuffer === 'undefined') return console.log('skipped: no SharedArrayBuffer here');
  const shared = new Uint8Array(new SharedArrayBuffer(wasm.length));
  shared.set(wasm);
  assert.equal(writeIdentity(shared, names), moduleOf(types, expected));
});

const refused: Readonly<Record<string, readonly [identity: typeof names, kind: string]>> = {
  'an empty name': [{ ...names, plugin_name: '' }, 'PluginNameEmpty'],
  'a name in capitals': [{ ...names, plugin_name: 'Router' }, 'PluginNameInvalid'],
  'a name of 65 bytes': [{ ...names, plugin_name: 'a'.repeat(65) }, 'PluginNameInvalid'],
  'an empty version': [{ ...names, plugin_version: '' }, 'PluginVersionEmpty'],
  'a version of 33 bytes': [{ ...names, plugin_version: 'v'.repeat(33) }, 'PluginVersionTooLong'],
};
for (const [what, [identity, kind]] of Object.entries(refused)) {
  writing(`refuses ${what}`, () => {
    const failure = failureOf(IdentityReadError, () => writeIdentity(moduleOf(), identity));
    assert.equal({ ...failure, found: '' }, { kind: 'Validation', violation: { kind }, found: '' });
  });
}

writing('refuses a name that is not a string of whole characters', () => {
  const { kind, path } = failureOf(JsonEncodeError, () =>
    writeIdentity(moduleOf(), { ...names, plugin_version: '\ud800' }),
  );
  assert.equal([kind, path], ['LoneSurrogate', '$.plugin_version']);
});

const malformed: Readonly<Record<string, readonly [wasm: Uint8Array, offset: number]>> = {
  'no bytes': [new Uint8Array(), 0],
  text: [utf8.encode('(module)'), 0],
  'a component': [Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0), 4],
  'a module that is cut off': [moduleOf(expected).subarray(0, 40), 40],
};
for (const [what, [wasm, offset]] of Object.entries(malformed)) {
  writing(`refuses ${what}`, () => {
    const failure: IdentityReadFailure = failureOf(IdentityReadError, () => writeIdentity(wasm, names));
    assert.equal([failure.kind, 'offset' in failure && failure.offset], ['WasmParseError', offset]);
  });
}

writing('refuses a hook plugin, whose metadata it would replace', async () => {
  const wasm = await fixture('hooks/filter/filter.wasm');
  assert.is(failureOf(IdentityReadError, () => writeIdentity(wasm, names)).generation, 2);
});

writing('refuses what is not bytes', () => {
  // The cast: what the types refuse is tested.
  const error = thrownBy(() => writeIdentity('text' as never, names));
  assert.instance(error, TypeError);
});

writing.run();
