import { admissionEnding, buildEnding, callEnding, endingOf, hostile, hostilePlugin } from './endings.ts';
import type { HostileCase } from './hostile-case.ts';

const kinds: readonly (readonly [name: string, does: string, ends: string])[] = [
  ['loop', 'loops without an exit', 'OutOfFuel'],
  ['nested', 'loops endlessly around a loop that ends', 'OutOfFuel'],
  ['branch_table', 'branches back to a loop through a table', 'OutOfFuel'],
  ['recursion', 'calls itself', 'StackOverflow'],
  ['indirect', 'calls itself through a table', 'StackOverflow'],
  ['loads', 'calls a kernel function endlessly', 'OutOfFuel'],
  ['allocations', 'allocates and frees endlessly', 'OutOfFuel'],
  ['variables', 'calls a kernel function that runs in JavaScript, endlessly', 'OutOfFuel'],
];

/**
 * Loops of few, slow instructions. Their fuel would last for minutes, so the deadline ends them.
 */
const slow: readonly (readonly [name: string, does: string])[] = [
  ['fill', 'fills its memory again and again'],
  ['fill_table', 'fills a table again and again'],
  ['resets', 'makes the kernel zero a large block again and again'],
];

/** Code that runs before the host calls a wire function. */
const unasked: readonly (readonly [name: string, does: string, build: string, admission: string])[] = [
  ['loop-in-start', 'never returns from its start function', 'build: InstantiationFailed', 'handshake: Instantiate'],
  ['loop-in-initialize', 'never returns from _initialize', 'build: InstantiationFailed', 'handshake: Instantiate'],
  ['loop-in-constructors', 'never returns from __wasm_call_ctors', 'built', 'handshake: Timeout'],
  ['loop-in-hs-init', 'never returns from hs_init', 'built', 'handshake: Timeout'],
  ['loops', 'never returns from its handshake', 'built', 'handshake: Timeout'],
  ['loop-in-self-check', 'never returns from its self-check', 'built', 'self_check: Call'],
];

/** Infinite loops in every place that can hold code. */
export const loops: readonly HostileCase[] = [
  ...unasked.flatMap(([name, does, build, admission]): HostileCase[] => [
    { name: `${name}, built`, does, ends: build, run: async () => buildEnding(await hostile(name)) },
    { name: `${name}, admitted`, does, ends: admission, run: async () => admissionEnding(await hostile(name)) },
  ]),
  ...['loop-in-constructors', 'loop-in-hs-init'].map(
    (name): HostileCase => ({
      name: `${name}, called twice`,
      does: 'never reaches the call, also the second time',
      ends: 'call: OutOfFuel, call: OutOfFuel',
      run: async () => {
        const plugin = await hostilePlugin(name);
        return [endingOf(plugin, 'cc_lb_handshake'), endingOf(plugin, 'cc_lb_handshake')].join(', ');
      },
    }),
  ),
  {
    name: 'loop-in-command',
    does: 'never returns from _start',
    ends: 'call: OutOfFuel',
    run: async () => callEnding(await hostilePlugin('loop-in-command'), '_start'),
  },
  ...kinds.map(
    ([name, does, ends]): HostileCase => ({
      name: `loops, ${name}`,
      does,
      ends: `call: ${ends}`,
      run: async () => callEnding(await hostilePlugin('loops'), name),
    }),
  ),
  ...slow.map(
    ([name, does]): HostileCase => ({
      name: `loops, ${name}`,
      does,
      ends: 'call: Timeout',
      run: async () => callEnding(await hostilePlugin('loops', { wallMs: 100, fuel: Number.POSITIVE_INFINITY }), name),
    }),
  ),
];
