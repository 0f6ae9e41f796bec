import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CallFailure, PluginCallError } from '../../src/plugin/call-error.ts';

const callError = suite('PluginCallError');

/**
 * Some of these texts are the reference's: hosts search them for words (abi/PROTOCOL.md, Layer 2,
 * "Timeout").
 */
const failures: { readonly [K in CallFailure['kind']]: readonly [Extract<CallFailure, { kind: K }>, RegExp] } = {
  Disposed: [{ kind: 'Disposed' }, /disposed/],
  Reentrant: [{ kind: 'Reentrant' }, /already being called/],
  InvalidArgument: [{ kind: 'InvalidArgument', argument: 'name', expected: 'a string' }, /^name must be a string$/],
  Instantiate: [{ kind: 'Instantiate', reason: 'no memory' }, /could not be instantiated: no memory/],
  FunctionNotFound: [{ kind: 'FunctionNotFound', function: 'run' }, /^Function not found: run$/],
  HasParameters: [{ kind: 'HasParameters', function: 'run', params: 2 }, /Function run takes 2 parameters/],
  TooManyResults: [{ kind: 'TooManyResults', function: 'run', results: 2 }, /Function run has 2 results/],
  OutOfFuel: [{ kind: 'OutOfFuel' }, /^plugin ran out of fuel$/],
  Timeout: [{ kind: 'Timeout' }, /^timeout$/],
  OutOfMemory: [{ kind: 'OutOfMemory' }, /^oom$/],
  StackOverflow: [{ kind: 'StackOverflow' }, /^stack overflow$/],
  HostFunction: [{ kind: 'HostFunction', function: 'f', reason: 'no' }, /^host function f failed: no$/],
  KernelFunction: [
    { kind: 'KernelFunction', function: 'var_set', reason: 'full' },
    /^kernel function var_set failed: full$/,
  ],
  Trap: [{ kind: 'Trap', reason: 'unreachable' }, /^wasm trap: unreachable$/],
  PluginError: [{ kind: 'PluginError', message: 'broken' }, /^broken$/],
  ErrorMessageUnreadable: [{ kind: 'ErrorMessageUnreadable' }, /^unable to load error message from memory$/],
  NonZeroExit: [{ kind: 'NonZeroExit', code: -7 }, /^Returned non-zero exit code: -7$/],
  OutputNotUtf8: [{ kind: 'OutputNotUtf8', function: 'run' }, /output of run is not valid UTF-8/],
};

for (const [kind, [failure, message]] of Object.entries(failures)) {
  callError(`${kind} says what went wrong`, () => {
    const cause = new Error('below');
    const thrown = new PluginCallError(failure, { cause });
    assert.is(thrown.name, 'PluginCallError');
    assert.is(thrown.failure, failure);
    assert.is(thrown.cause, cause);
    assert.match(thrown.message, message);
  });
}

callError.run();
