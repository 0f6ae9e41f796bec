// The decoder that reads an identity refuses and accepts what its declaration does.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { IdentityReadError } from '../../src/protocol/identity-error.ts';
import { readPayload } from '../../src/protocol/identity-payload.ts';
import { decodeJson, JsonDecodeError, pluginIdentity } from '../../src/protocol/messages/index.ts';
import { failureOf, thrownBy } from '../support/failure.ts';

const payload = suite('the payload of an identity');

const valid = { magic: [204, 27, 112, 16, 0, 1, 0, 0], abi_envelope: 1, plugin_name: 'p', plugin_version: '1' };

const utf8 = new TextEncoder();

const accepted = [valid, { ...valid, abi_envelope: 0xffff_ffff }, Object.values(valid)];
for (const value of accepted) {
  payload(`${JSON.stringify(value)} is read as declared`, () => {
    const text = JSON.stringify(value);
    assert.equal(readPayload(utf8.encode(text)), decodeJson(pluginIdentity, text));
  });
}

const refused = [
  7,
  'p',
  null,
  [],
  {},
  ...Object.keys(valid).map((name) => ({ ...valid, [name]: undefined })),
  ...Object.keys(valid).map((name) => ({ ...valid, [name]: null })),
  { ...valid, magic: [204] },
  { ...valid, magic: [256, 27, 112, 16, 0, 1, 0, 0] },
  { ...valid, abi_envelope: 0x1_0000_0000 },
  { ...valid, abi_envelope: -1 },
  { ...valid, abi_envelope: 1.5 },
  { ...valid, plugin_nme: 'p' },
  Object.values(valid).slice(1),
];
for (const value of refused) {
  payload(`${JSON.stringify(value)} is refused as declared`, () => {
    const text = JSON.stringify(value);
    const failure = failureOf(IdentityReadError, () => readPayload(utf8.encode(text)));
    assert.is(failure.kind, 'MalformedPayload');
    const thrown = thrownBy(() => decodeJson(pluginIdentity, text));
    assert.instance(thrown, JsonDecodeError);
    if (failure.kind === 'MalformedPayload' && thrown instanceof JsonDecodeError) {
      assert.equal(failure.fault, thrown.failure);
      assert.is(failure.reason, thrown.message);
    }
  });
}

payload.run();
