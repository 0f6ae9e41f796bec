import { admissionEnding, buildEnding, callEnding, endingOf, hostile, hostilePlugin } from './endings.ts';
import type { HostileCase } from './hostile-case.ts';

const kinds: readonly (readonly [name: string, does: string, ends: string])[] = [
  ['loop', 'loops without a way out', 'OutOfFuel'],
  ['nested', 'loops around a loop that ends', 'OutOfFuel'],
  ['branch_table', 'branches back to a loop through a table', 'OutOfFuel'],
  ['recursion', 'calls itself', 'StackOverflow'],
  ['indirect', 'calls itself through a table', 'StackOverflow'],
  ['loads', 'calls a kernel function for ever', 'OutOfFuel'],
  ['allocations', 'allocates and frees for ever', 'OutOfFuel'],
  ['variables', 'calls a kernel function that runs in JavaScript, for ever', 'OutOfFuel'],
];

/** Loops of few instructions that take long: the fuel would last for minutes, so the deadline ends them. */
const slow: readonly (readonly [name: string, does: string])[] = [
  ['fill', 'fills its memory again and again'],
  ['fill_table', 'fills a table again and again'],
  ['resets', 'makes the kernel zero a large block again and again'],
];

/** Code of a plugin that runs where nobody called it. */
const unasked: readonly (readonly [name: string, does: string, build: string, admission: string])[] = [
  ['loop-in-start', 'never comes out of its start function', 'build: InstantiationFailed', 'handshake: Instantiate'],
  ['loop-in-initialize', 'never comes out of _initialize', 'build: InstantiationFailed', 'handshake: Instantiate'],
  ['loop-in-constructors', 'never comes out of __wasm_call_ctors', 'built', 'handshake: Timeout'],
  ['loop-in-hs-init', 'never comes out of hs_init', 'built', 'handshake: Timeout'],
  ['loops', 'never comes out of its handshake', 'built', 'handshake: Timeout'],
  ['loop-in-self-check', 'never comes out of its self-check', 'built', 'self_check: Call'],
];

/** Infinite loops, in every place that code can run. */
export const loops: readonly HostileCase[] = [
  ...unasked.flatMap(([name, does, build, admission]): HostileCase[] => [
    { name: `${name}, built`, does, ends: build, run: async () => buildEnding(await hostile(name)) },
    { name: `${name}, admitted`, does, ends: admission, run: async () => admissionEnding(await hostile(name)) },
  ]),
  ...['loop-in-constructors', 'loop-in-hs-init'].map(
    (name): HostileCase => ({
      name: `${name}, called twice`,
      does: 'never comes to the call, the second time neither',
      ends: 'call: OutOfFuel, call: OutOfFuel',
      run: async () => {
        const plugin = await hostilePlugin(name);
        return [endingOf(plugin, 'cc_lb_handshake'), endingOf(plugin, 'cc_lb_handshake')].join(', ');
      },
    }),
  ),
  {
    name: 'loop-in-command',
    does: 'never comes out of _start',
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
