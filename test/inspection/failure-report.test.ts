import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HandshakeExecutionError, IdentityReadError } from '../../src/index.ts';
import { reportedResult, reportFailure } from '../../src/inspection/failure-report.ts';
import { compilePlugin } from '../../src/plugin/index.ts';
import { decodeJson, JsonDecodeError, pluginIdentity } from '../../src/protocol/messages/index.ts';
import { readModule } from '../../src/wasm/index.ts';
import { failureOf } from '../support/failure.ts';

const report = suite('reportFailure');

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

const noModule = Uint8Array.from([0, 0x61, 0x73, 0x6d, 9, 0, 0, 0]);

report('has class, kind, message, place and failure of a fault in the bytes', () => {
  const error = thrownBy(() => readModule(noModule));
  assert.equal(reportFailure(error), {
    error: 'WasmFormatError',
    kind: 'UnsupportedVersion',
    message: 'binary format version 9, but only version 1 is known (at byte 4)',
    byteOffset: 4,
    failure: { kind: 'UnsupportedVersion', offset: 4, version: 9 },
    hint: 'Build with a compiler that writes version 1 of the binary format: all released ones do.',
  });
});

report('finds the place in the cause of an error', () => {
  const cause = thrownBy(() => compilePlugin(noModule));
  const build = { kind: 'AlreadyPrepared' } as const;
  const error = new HandshakeExecutionError({ kind: 'Instantiate', reason: 'x', build }, { cause });
  assert.is(reportFailure(error).byteOffset, 4);
  const fault = { kind: 'NotWebAssembly', offset: 7 } as const;
  const unread = new IdentityReadError({ kind: 'WasmParseError', offset: 7, reason: 'x', fault });
  assert.is(reportFailure(unread).byteOffset, 7);
});

report('ignores an offset that counts in a JSON text', () => {
  const cause = thrownBy(() => decodeJson(pluginIdentity, '  x'));
  assert.not.ok('byteOffset' in reportFailure(cause));
  const fault = failureOf(JsonDecodeError, () => decodeJson(pluginIdentity, '  x'));
  const failure = { kind: 'MalformedPayload', path: '$', offset: 2, reason: 'x', fault } as const;
  assert.not.ok('byteOffset' in reportFailure(new IdentityReadError(failure, { cause })));
});

report('names what a validation violated', () => {
  const error = new IdentityReadError({ kind: 'Validation', violation: { kind: 'PluginNameEmpty' }, found: '' });
  assert.is(reportFailure(error).kind, 'Validation.PluginNameEmpty');
});

report('takes any other error, and any other thrown value', () => {
  assert.equal(reportFailure(new TypeError('x')), {
    error: 'TypeError',
    kind: 'Unknown',
    message: 'x',
    failure: undefined,
  });
  assert.is(reportFailure('x').message, 'x');
});

report('becomes the result of a computation that throws', () => {
  assert.equal(
    reportedResult(() => 7),
    { ok: true, value: 7 },
  );
  const error = new TypeError('x');
  const thrown = reportedResult(() => {
    throw error;
  });
  assert.equal(thrown, { ok: false, error: reportFailure(error) });
});

report.run();
