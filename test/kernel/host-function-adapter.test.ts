import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type HostFunction, type HostFunctionContext, hostFunction } from '../../src/kernel/host-function.ts';
import { adaptHostFunctions } from '../../src/kernel/host-function-adapter.ts';
import { createKernel, type Kernel } from '../../src/kernel/kernel.ts';
import { thrownBy } from '../support/failure.ts';

const adapter = suite('host-function adapters');

/** The functions as a plugin gets them; called from here instead, with i64 as bigint. */
function adapted(kernel: Kernel, ...functions: readonly HostFunction[]): ((...args: (number | bigint)[]) => unknown)[] {
  return adaptHostFunctions(kernel, functions, 'the plugin').map((exported) => {
    if (typeof exported !== 'function') throw new TypeError('not a function');
    // What WebAssembly exports as a function can be called with numbers and bigints.
    return exported as (...args: (number | bigint)[]) => unknown;
  });
}

/** Adapts one function, calls it, and gives the reason for which the call failed. */
function reason(declared: HostFunction, ...args: (number | bigint)[]): string {
  const kernel = createKernel();
  const [call] = adapted(kernel, declared);
  assert.instance(
    thrownBy(() => call?.(...args)),
    WebAssembly.RuntimeError,
  );
  const { failure } = kernel;
  assert.is(failure?.kind, 'HostFunction');
  assert.is(failure?.function, declared.name);
  assert.not(kernel.crossingAborted);
  return failure?.reason ?? '';
}

adapter('no functions, no adapter', () => {
  assert.equal(adaptHostFunctions(createKernel(), [], ''), []);
});

adapter('every kind both ways, in one call', () => {
  const kernel = createKernel();
  const seen: unknown[] = [];
  const [call] = adapted(
    kernel,
    hostFunction(
      'all',
      ['i32', 'i64', 'f32', 'f64', 'text', 'bytes', 'u64le', 'i64le'],
      ['i64le', 'u64le', 'bytes', 'text', 'f64', 'f32', 'i64', 'i32'],
      (...args) => {
        const [i32, i64, f32, f64, text, bytes, u64le, i64le] = args;
        seen.push(...args.slice(0, 8));
        return [i64le, u64le, bytes, text, f64, f32, i64, i32];
      },
    ),
  );
  const word = new Uint8Array(8).fill(255);
  const handles = [
    kernel.memory.writeText('ä'),
    kernel.memory.write(new Uint8Array([0])),
    kernel.memory.write(word),
    kernel.memory.write(word),
  ];
  const results = call?.(-1, -2n, 1.5, 2.5, ...handles);
  assert.equal(seen, [-1, -2n, 1.5, 2.5, 'ä', new Uint8Array([0]), 2n ** 64n - 1n, -1n]);
  assert.ok(Array.isArray(results));
  const [i64le, u64le, bytes, text, ...raw] = results;
  assert.equal(raw, [2.5, 1.5, -2n, -1]);
  assert.equal([...kernel.memory.block(i64le)], [...word]);
  assert.equal([...kernel.memory.block(u64le)], [...word]);
  assert.equal([...kernel.memory.block(bytes)], [0]);
  assert.is(kernel.memory.text(text, 'it'), 'ä');
  // Results are new blocks, arguments are left as they are.
  assert.is(new Set([...handles, i64le, u64le, bytes, text]).size, 8);
  assert.equal(
    handles.map((handle) => kernel.exports.length(handle)),
    [2n, 1n, 8n, 8n],
  );
});

adapter('results of one, two and no values', () => {
  const kernel = createKernel();
  const [one, two, none] = adapted(
    kernel,
    hostFunction('one', [], ['f32'], () => 0.5),
    hostFunction('two', [], ['i64', 'i32'], () => [1, 2]),
    hostFunction('none', ['i32'], [], () => undefined),
  );
  assert.is(one?.(), 0.5);
  assert.equal(two?.(), [1n, 2]);
  assert.is(none?.(1), undefined);
});

adapter('the context names the plugin, reads and writes blocks', () => {
  const kernel = createKernel();
  let context: HostFunctionContext | undefined;
  const [call] = adapted(
    kernel,
    hostFunction('f', ['i64'], ['i64'], (handle, given) => {
      context = given;
      return given.writeBytes(given.readBytes(handle).map((byte) => byte + 1));
    }),
  );
  const handle = call?.(kernel.memory.write(new Uint8Array([1, 2])));
  assert.is(context?.pluginName, 'the plugin');
  assert.equal([...kernel.memory.block(BigInt(String(handle)))], [2, 3]);
  assert.is(context?.writeBytes(new Uint8Array()), 0n);
  assert.is(context?.readBytes(0n).length, 0);
});

adapter('an implementation sees its own arguments, whatever the order of the functions', () => {
  const kernel = createKernel();
  const calls: string[] = [];
  const log = (name: string): HostFunction =>
    hostFunction(name, ['i32'], [], (value) => {
      calls.push(`${name} ${value}`);
    });
  const [a, b, c] = adapted(kernel, log('a'), log('b'), log('c'));
  c?.(3);
  a?.(1);
  b?.(2);
  assert.equal(calls, ['c 3', 'a 1', 'b 2']);
});

const thrown: readonly (readonly [what: string, value: unknown, reason: string])[] = [
  ['an error', new Error('no'), 'no'],
  ['a string', 'no', 'no'],
  ['undefined', undefined, 'undefined'],
  ['an object that has no text', Object.create(null), 'a value that cannot be shown'],
];
for (const [what, value, expected] of thrown) {
  adapter(`${what} thrown ends the call, and is kept`, () => {
    const kernel = createKernel();
    const [call] = adapted(
      kernel,
      hostFunction('f', [], ['i64', 'f32', 'i32'], () => {
        throw value;
      }),
    );
    assert.instance(
      thrownBy(() => call?.()),
      WebAssembly.RuntimeError,
    );
    assert.equal(kernel.failure, { kind: 'HostFunction', function: 'f', reason: expected, thrown: value });
    assert.not(kernel.crossingAborted);
  });
}

adapter('faults of arguments end the call before the implementation runs', () => {
  let ran = false;
  const never = (...params: readonly ('text' | 'bytes' | 'u64le')[]) =>
    hostFunction('f', params, [], () => {
      ran = true;
    });
  assert.match(reason(never('text'), 99n), 'invalid handle 99');
  assert.match(reason(never('bytes'), -1n), 'invalid handle -1');
  assert.match(reason(never('u64le'), 0n), 'a block of 8 bytes, not 0');
  assert.match(reason(never('bytes', 'text'), 0n, 99n), 'invalid handle 99');
  assert.not(ran);
});

adapter('faults of results end the call', async () => {
  // JavaScript can return what the types do not allow.
  const returning = (value: unknown, ...results: readonly ('i32' | 'text')[]): HostFunction => ({
    ...hostFunction('f', [], [], () => undefined),
    results,
    implementation: () => value,
  });
  assert.match(reason(returning(1)), 'must return nothing, and be synchronous');
  assert.match(reason(returning(null)), 'must return nothing');
  assert.match(reason(returning(Promise.resolve())), 'must return nothing, and be synchronous');
  assert.match(reason(returning(undefined, 'text')), 'returned undefined');
  assert.match(reason(returning(Promise.resolve('a'), 'text')), 'a promise: a host function must be synchronous');
  assert.match(reason(returning(1, 'i32', 'i32')), 'must return an array of as many');
  assert.match(reason(returning([1], 'i32', 'i32')), 'with 2 results must return an array');
  assert.match(reason(returning([1, 2, 3], 'i32', 'i32')), 'with 2 results must return an array');
  assert.match(reason(returning([1, 'a'], 'i32', 'i32')), 'returned string');
  assert.match(reason(returning('12', 'i32', 'i32')), 'must return an array');
});

adapter('a promise that is rejected later is nobody’s to wait for: it fails the call, and nothing else', async () => {
  // Unhandled, a rejection would end the process, or be an event of the page.
  const events: unknown[] = [];
  const note = (event: Event): void => {
    event.preventDefault();
    events.push(event);
  };
  const target: Partial<EventTarget> = globalThis;
  target.addEventListener?.('unhandledrejection', note);
  for (const results of [[], ['text']] as const) {
    const declared = hostFunction('f', [], [], () => undefined);
    // The cast gives the function what its type forbids: the very thing that is tested.
    const implementation = (() => Promise.reject(new Error('later'))) as unknown as typeof declared.implementation;
    assert.match(reason({ ...declared, results, implementation }), 'synchronous');
  }
  await new Promise((resolve) => setTimeout(resolve, 20));
  target.removeEventListener?.('unhandledrejection', note);
  assert.is(events.length, 0);
});

adapter('the context refuses handles of no block', () => {
  assert.match(
    reason(
      hostFunction('f', [], [], (context) => {
        context.readBytes(5n);
      }),
    ),
    'invalid handle 5',
  );
});

adapter('functions of the same types share an adapter module, not their implementations', () => {
  const make = (value: number): HostFunction => hostFunction('f', [], ['i32'], () => value);
  const [one] = adapted(createKernel(), make(1));
  const [two] = adapted(createKernel(), make(2));
  assert.equal([one?.(), two?.()], [1, 2]);
});

adapter('the failure of one kernel does not reach another', () => {
  const failing = createKernel();
  const [call] = adapted(
    failing,
    hostFunction('f', [], [], () => {
      throw new Error('no');
    }),
  );
  assert.throws(() => call?.());
  const other = createKernel();
  const [fine] = adapted(
    other,
    hostFunction('f', [], [], () => undefined),
  );
  fine?.();
  assert.is(other.failure, undefined);
});

adapter.run();
