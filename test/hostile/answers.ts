import * as assert from 'uvu/assert';
import { dispatchWireCall } from '../../src/protocol/dispatch.ts';
import { opaque, option, string, struct, type WireType, wire } from '../../src/protocol/messages/index.ts';
import { admissionEnding, dispatchEnding, endingOf, hostile, hostilePlugin, observe } from './endings.ts';
import type { HostileCase } from './hostile-case.ts';

const bombs: readonly (readonly [name: string, does: string, ends: string])[] = [
  ['depth', 'answers with a million nested arrays', 'deserialize_response DeserializeResponseEnvelope'],
  ['width', 'answers with half a million numbers where a text must be', 'response_decode ResponseDecode'],
  ['repeats', 'answers with an unknown key, repeated 125,000 times', 'response_decode ResponseDecode'],
  ['digits', 'answers with a number of a million digits', 'deserialize_response DeserializeResponseEnvelope'],
  [
    'escapes',
    'answers with half a million escapes in an unterminated string',
    'deserialize_response DeserializeResponseEnvelope',
  ],
  ['prototype', 'answers with a field __proto__', 'response_decode ResponseDecode'],
  ['inherited_version', 'answers with a version that only __proto__ has', 'response_envelope ResponseVersionMissing'],
  ['float_version', 'answers in version 1e0', 'response_envelope ResponseVersionInvalid'],
  ['huge_version', 'answers in version 2^64 + 1', 'response_envelope ResponseVersionInvalid'],
  [
    'byte_order_mark',
    'answers with a byte order mark before the JSON',
    'deserialize_response DeserializeResponseEnvelope',
  ],
  ['lone_surrogate', 'answers with a lone surrogate', 'deserialize_response DeserializeResponseEnvelope'],
];

/** Dispatches a function whose response has one field, `x`. */
async function bombEnding<T>(name: string, field: WireType<T>): Promise<string> {
  const plugin = await hostilePlugin('json-bombs', { fuel: 50_000_000 });
  const response = struct('Bomb', { x: field });
  const fn = {
    ...wire.v1.observe,
    name,
    schemas: { ...wire.v1.observe.schemas, response },
    dryRunResponse: () => ({}),
  };
  const outcome = dispatchWireCall(fn, plugin, { negotiated_functions: { [name]: 1 } }, { events: [] });
  assert.is(plugin.callText('calm'), 'calm');
  assert.not('polluted' in {}, 'no prototype was changed');
  return dispatchEnding(outcome);
}

const lying: readonly (readonly [name: string, does: string, ends: string])[] = [
  ['handshake-is-global', 'exports a global as its handshake', 'handshake: MissingHandshakeExport'],
  ['handshake-is-memory', 'exports a memory as its handshake', 'handshake: MissingHandshakeExport'],
  ['handshake-is-table', 'exports a table as its handshake', 'handshake: MissingHandshakeExport'],
  ['handshake-takes-parameters', 'has a handshake with a parameter', 'handshake: MissingHandshakeExport'],
  ['handshake-returns-i64', 'has a handshake with a result of 64 bits', 'handshake: MissingHandshakeExport'],
  ['self-check-takes-parameters', 'has a self-check with a parameter', 'self_check: MissingSelfCheckExport'],
  ['observe-is-global', 'declares a function that it exports as a global', 'handshake: DeclaredFunctionMissing'],
];

const direct: readonly (readonly [name: string, ends: string])[] = [
  ['handshake-is-global', 'call: FunctionNotFound'],
  ['handshake-is-memory', 'call: FunctionNotFound'],
  ['handshake-is-table', 'call: FunctionNotFound'],
  ['handshake-takes-parameters', 'call: HasParameters'],
  ['handshake-returns-i64', 'call: NonZeroExit'],
];

/** How the nine calls of the turncoat end, in order. */
const turns = [
  'answers {}',
  ...['Trap', 'OutOfFuel', 'PluginError'].map(() => 'dispatch: plugin_call PluginCall'),
  'dispatch: response_envelope ResponseVersionMismatch',
  'dispatch: deserialize_response DeserializeResponseEnvelope',
  'dispatch: plugin_call PluginCall',
  'dispatch: plugin_call PluginCall',
  'answers {}',
];

/**
 * Answers that are costly to decode, exports of a wrong kind, and plugins that change behaviour.
 */
export const answers: readonly HostileCase[] = [
  ...bombs.map(
    ([name, does, ends]): HostileCase => ({
      name: `json-bombs, ${name}`,
      does,
      ends: `dispatch: ${ends}`,
      run: () => bombEnding(name, option(string)),
    }),
  ),
  {
    name: 'json-bombs, spaces',
    does: 'answers with a million spaces before a value',
    ends: 'answers {"x":null}',
    run: () => bombEnding('spaces', option(string)),
  },
  {
    name: 'json-bombs, duplicates',
    does: 'repeats every field, including the version: the last one counts',
    ends: 'answers {"x":null}',
    run: () => bombEnding('duplicates', option(string)),
  },
  {
    name: 'json-bombs, opaque_prototype',
    does: 'answers with __proto__ and constructor in opaque JSON, where they are ordinary keys',
    ends: 'answers {"x":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}}',
    run: () => bombEnding('opaque_prototype', opaque),
  },
  ...lying.map(
    ([name, does, ends]): HostileCase => ({ name, does, ends, run: async () => admissionEnding(await hostile(name)) }),
  ),
  ...direct.map(
    ([name, ends]): HostileCase => ({
      name: `${name}, called`,
      does: 'is called without admission',
      ends,
      run: async () => endingOf(await hostilePlugin(name), 'cc_lb_handshake'),
    }),
  ),
  {
    name: 'turncoat, admitted',
    does: 'behaves well until it is admitted',
    ends: 'admitted',
    run: async () => admissionEnding(await hostile('turncoat')),
  },
  {
    name: 'turncoat, dispatched nine times',
    does: 'traps, loops, sets an error, answers another version, not JSON, not UTF-8, takes all memory, then behaves',
    ends: turns.join(', '),
    run: async () => {
      const plugin = await hostilePlugin('turncoat');
      return turns.map(() => observe(plugin)).join(', ');
    },
  },
];
