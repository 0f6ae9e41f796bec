import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type HostFunctionContext,
  hostFunction,
  hostFunctionSignature,
  hostValueKinds,
  USER_NAMESPACE,
} from '../../src/kernel/host-function.ts';
import { thrownBy } from '../support/failure.ts';

const hostFunctions = suite('hostFunction');

hostFunctions("declares a function, by default in the host's namespace", () => {
  const implementation = (): number => 1;
  const declared = hostFunction('f', ['text', 'i32'], ['i32'], implementation);
  assert.equal(
    { ...declared },
    { namespace: 'extism:host/user', name: 'f', params: ['text', 'i32'], results: ['i32'], implementation },
  );
  assert.is(USER_NAMESPACE, 'extism:host/user');
  assert.is(hostFunction('f', [], [], () => undefined, 'own').namespace, 'own');
});

hostFunctions('raw kinds are passed directly, all others as an i64', () => {
  assert.equal(hostValueKinds, ['i32', 'i64', 'f32', 'f64', 'text', 'bytes', 'u64le', 'i64le']);
  const travels = ['i32', 'i64', 'f32', 'f64', 'i64', 'i64', 'i64', 'i64'];
  const declared = {
    namespace: '',
    name: '',
    implementation: () => 0,
    params: hostValueKinds,
    results: hostValueKinds,
  };
  assert.equal(hostFunctionSignature(declared), { params: travels, results: travels });
});

hostFunctions('passes values of the declared kinds to the implementation', () => {
  // The compiler checks this: no line would compile with another type.
  const declared = hostFunction(
    'f',
    ['text', 'bytes', 'i64', 'f64', 'u64le'],
    ['text', 'i64le'],
    (a, b, c, d, e, context) => {
      const arguments_: [string, Uint8Array, bigint, number, bigint, HostFunctionContext] = [a, b, c, d, e, context];
      return [String(arguments_.length), 5];
    },
  );
  hostFunction('g', [], ['i64'], () => 5);
  // @ts-expect-error a text result is a string
  hostFunction('h', [], ['text'], () => 5);
  // @ts-expect-error an i32 result is a number
  hostFunction('i', [], ['i32'], () => 5n);
  // @ts-expect-error a promise is not a result
  hostFunction('j', [], ['text'], async () => 'a');
  assert.is(declared.params.length, 5);
});

// The cast stands for a host without a type checker, which can pass anything.
const given = (value: unknown) => value as never;
const nothing = () => given(undefined);
const KINDS = 'an array of i32, i64, f32, f64, text, bytes, u64le, i64le';

const mistaken: readonly (readonly [run: () => unknown, message: string])[] = [
  [() => hostFunction(given(3), [], [], nothing), 'name of a host function must be a string'],
  [() => hostFunction('f', given('text'), [], nothing), `params of a host function must be ${KINDS}`],
  [() => hostFunction('f', given(['nope']), [], nothing), `params of a host function must be ${KINDS}`],
  [() => hostFunction('f', [], given(undefined), nothing), `results of a host function must be ${KINDS}`],
  [() => hostFunction('f', [], given(['i32', 'nope']), nothing), `results of a host function must be ${KINDS}`],
  [() => hostFunction('f', [], [], given(3)), 'implementation of a host function must be a function'],
  [() => hostFunction('f', [], [], nothing, given(null)), 'namespace of a host function must be a string'],
];

for (const [run, message] of mistaken) {
  hostFunctions(`refuses: ${message}`, () => {
    const thrown = thrownBy(run);
    assert.ok(thrown instanceof TypeError);
    assert.is(thrown.message, message);
  });
}

hostFunctions.run();
