import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  buildOffer,
  HandshakeExecutionError,
  type HandshakeExecutionFailure,
  type HandshakeViolation,
  validateAccept,
  validateAcceptShape,
} from '../../src/protocol/handshake.ts';
import type { HandshakeAccept, HandshakeOffer } from '../../src/protocol/messages/index.ts';
import { failureOf } from '../support/failure.ts';

const offer: HandshakeOffer = {
  ...buildOffer(['storage']),
  function_versions: { shape: [1, 2, 3], sign: [1], filter: [1] },
};

const valid: HandshakeAccept = {
  handshake_schema_version: 1,
  envelope_version: 1,
  chosen_versions: { shape: 2 },
  plugin_supported: { shape: [1, 2] },
  implemented_functions: ['shape'],
  required_capabilities: ['storage'],
};

const againstOffer = suite('an accept against its offer');

const acceptable: Readonly<Record<string, Partial<HandshakeAccept>>> = {
  'the greatest version that both know': {},
  'nothing chosen': { chosen_versions: {} },
  'another envelope version': { envelope_version: 9 },
  'a supported version that was not offered': { plugin_supported: { shape: [1, 2, 99] } },
  'a version that is offered, but not supported, and greater than all that are': {
    chosen_versions: { shape: 3 },
    plugin_supported: { shape: [1] },
  },
};

for (const [title, changes] of Object.entries(acceptable)) {
  againstOffer(`may have ${title}`, () => {
    assert.not.throws(() => validateAccept({ ...valid, ...changes }, offer));
  });
}

const unacceptable: Readonly<Record<string, readonly [Partial<HandshakeAccept>, HandshakeViolation]>> = {
  'another schema version': [
    { handshake_schema_version: 2 },
    { kind: 'HandshakeSchemaVersionMismatch', got: 2, expected: 1 },
  ],
  'a chosen function that was not offered': [
    { chosen_versions: { observe: 1 }, plugin_supported: { observe: [1] } },
    { kind: 'ChosenForUnknownFunction', function: 'observe' },
  ],
  'a chosen function that is not supported': [
    { chosen_versions: { sign: 1 } },
    { kind: 'ChosenForUnknownFunction', function: 'sign' },
  ],
  'a function that every object has': [
    { chosen_versions: { constructor: 1 } as unknown as Record<string, number>, plugin_supported: {} },
    { kind: 'ChosenForUnknownFunction', function: 'constructor' },
  ],
  'a version that was not offered': [
    { chosen_versions: { shape: 4 }, plugin_supported: { shape: [4] } },
    { kind: 'ChosenVersionNotOffered', function: 'shape', version: 4 },
  ],
  'a lower version than both know': [
    { chosen_versions: { shape: 1 }, plugin_supported: { shape: [3, 2, 99, 1] } },
    { kind: 'DowngradeAttempt', function: 'shape', chosen: 1, maxIntersection: 3 },
  ],
  'a capability that was not offered': [
    { required_capabilities: ['storage', 'network'] },
    { kind: 'RequiredCapabilityUnavailable', capability: 'network' },
  ],
  // Two faults at once: the earlier check wins.
  'a schema version, checked before the functions': [
    { handshake_schema_version: 2, chosen_versions: { observe: 1 } },
    { kind: 'HandshakeSchemaVersionMismatch', got: 2, expected: 1 },
  ],
  'a function, checked before the later ones': [
    { chosen_versions: { sign: 9, filter: 8 }, plugin_supported: { sign: [9], filter: [8] } },
    { kind: 'ChosenVersionNotOffered', function: 'filter', version: 8 },
  ],
  'a version, checked before the capabilities': [
    { chosen_versions: { shape: 4 }, plugin_supported: { shape: [4] }, required_capabilities: ['network'] },
    { kind: 'ChosenVersionNotOffered', function: 'shape', version: 4 },
  ],
  'a capability, checked before the later ones': [
    { required_capabilities: ['b', 'a'] },
    { kind: 'RequiredCapabilityUnavailable', capability: 'a' },
  ],
};

for (const [title, [changes, violation]] of Object.entries(unacceptable)) {
  againstOffer(`may not have ${title}`, () => {
    const validate = () => validateAccept({ ...valid, ...changes }, offer);
    assert.equal(failureOf(HandshakeExecutionError, validate), { kind: 'Validation', violation });
  });
}

const inItself = suite('an accept in itself');

inItself('may implement functions that it does not choose, and support functions that it does not implement', () => {
  const accept = {
    ...valid,
    implemented_functions: ['shape', 'sign'],
    plugin_supported: { shape: [1, 2], filter: [] },
  };
  assert.not.throws(() => validateAcceptShape(accept, offer));
});

const names = Array.from({ length: 17 }, (_, index) => `f${index}`);
const manyOffered = { ...offer, function_versions: Object.fromEntries(names.map((name) => [name, [1]])) };

inItself('may implement 16 functions, repeats not counted', () => {
  const accept = { ...valid, chosen_versions: {}, plugin_supported: {} };
  const sixteen = { ...accept, implemented_functions: [...names.slice(0, 16), 'f0'] };
  assert.not.throws(() => validateAcceptShape(sixteen, manyOffered));
  const seventeen = () => validateAcceptShape({ ...accept, implemented_functions: names }, manyOffered);
  const expected = { kind: 'ImplementedFunctionCountExceeded', count: 17, max: 16 };
  assert.equal(failureOf(HandshakeExecutionError, seventeen), expected);
});

const contradictory: Readonly<Record<string, readonly [Partial<HandshakeAccept>, HandshakeExecutionFailure]>> = {
  'implement a function that was not offered': [
    { implemented_functions: ['shape', 'observe'] },
    { kind: 'ImplementedUnknownFunction', function: 'observe' },
  ],
  'implement a function that every object has': [
    { implemented_functions: ['toString'] },
    { kind: 'ImplementedUnknownFunction', function: 'toString' },
  ],
  'support a function that was not offered': [
    { plugin_supported: { shape: [1, 2], observe: [1] } },
    { kind: 'SupportedUnknownFunction', function: 'observe' },
  ],
  'support version 0': [
    { plugin_supported: { shape: [1, 2, 0] } },
    { kind: 'SupportedVersionOutOfRange', function: 'shape', version: 0, min: 1, max: 65535 },
  ],
  'support version 65536': [
    { plugin_supported: { shape: [65536] } },
    { kind: 'SupportedVersionOutOfRange', function: 'shape', version: 65536, min: 1, max: 65535 },
  ],
  'choose what it does not implement': [
    { implemented_functions: [] },
    { kind: 'ChosenFunctionNotImplemented', function: 'shape' },
  ],
  'choose a function that it does not support': [
    { plugin_supported: {} },
    { kind: 'ChosenVersionNotSupported', function: 'shape', version: 2 },
  ],
  'choose a version that it does not support': [
    { plugin_supported: { shape: [1] } },
    { kind: 'ChosenVersionNotSupported', function: 'shape', version: 2 },
  ],
  // Two faults at once: the earlier check wins.
  'implement an unknown function, checked before the supported': [
    { implemented_functions: ['observe'], plugin_supported: { observe: [0] } },
    { kind: 'ImplementedUnknownFunction', function: 'observe' },
  ],
  'support an unknown function, checked before its versions': [
    { plugin_supported: { observe: [0], shape: [0] } },
    { kind: 'SupportedUnknownFunction', function: 'observe' },
  ],
  'support a bad version, checked before the chosen': [
    { plugin_supported: { shape: [0] }, implemented_functions: [] },
    { kind: 'SupportedVersionOutOfRange', function: 'shape', version: 0, min: 1, max: 65535 },
  ],
  'choose what it neither implements nor supports': [
    { plugin_supported: {}, implemented_functions: [] },
    { kind: 'ChosenFunctionNotImplemented', function: 'shape' },
  ],
};

for (const [title, [changes, expected]] of Object.entries(contradictory)) {
  inItself(`may not ${title}`, () => {
    const validate = () => validateAcceptShape({ ...valid, ...changes }, offer);
    assert.equal(failureOf(HandshakeExecutionError, validate), expected);
  });
}

againstOffer.run();
inItself.run();
