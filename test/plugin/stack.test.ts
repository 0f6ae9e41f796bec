import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hostFunction, type KernelFunctionName, kernelFunctionNames, kernelFunctions } from '../../src/kernel/index.ts';
import { isStackOverflow } from '../../src/metering/index.ts';
import { buildPlugin, compilePlugin, type Plugin, PluginCallError } from '../../src/plugin/index.ts';
import { pluginModule } from '../support/plugin.ts';

const stack = suite('the stack of a plugin');

/**
 * Arguments with which a kernel function does as much as possible: handles of blocks, if it takes
 * any.
 */
const needsBlock: readonly KernelFunctionName[] = [
  'config_get',
  'var_get',
  'log_info',
  'log_warn',
  'log_error',
  'free',
  'length',
];

function kernelCall(name: KernelFunctionName): string {
  const { params, results } = kernelFunctions[name];
  const block = '(call $block (i32.const 16) (i32.const 4))';
  const values =
    name === 'var_set'
      ? [block, block]
      : params.map(({ type }) => (needsBlock.includes(name) ? block : `(${type}.const 8)`));
  const call = `(call $${name} ${values.join(' ')})`;
  return results.length > 0 ? `(drop ${call})` : call;
}

const calls: Readonly<Record<string, string>> = {
  plain: '',
  ...Object.fromEntries(kernelFunctionNames.map((name) => [name, kernelCall(name)])),
  counts: '(drop (call $counts (i32.const 1)))',
  copies: '(call $free (call $copies (call $block (i32.const 16) (i32.const 4))))',
};

/** Parameters passed down make the frames large, so every engine's stack fills quickly. */
const WIDTH = 60;
const passedOn = Array.from({ length: WIDTH }, (_, index) => `(local.get ${index + 1})`).join(' ');

/** Each export recurses as deep as the input says, calls its function there, and returns. */
const fields = `
  (data (i32.const 16) "kkkk")
  (func (export "works") (result i32) (local $one i64)
    (local.set $one (call $alloc (i64.const 100)))
    (call $store_u64 (local.get $one) (i64.const -1))
    (call $var_set (call $block (i32.const 16) (i32.const 1)) (local.get $one))
    (i32.wrap_i64 (i64.sub (call $length (call $var_get (call $block (i32.const 16) (i32.const 1)))) (i64.const 100))))
  ${Object.entries(calls)
    .map(
      ([name, call]) => `
        (func (export "${name}")
          (call $at_${name} (i32.wrap_i64 (call $input_load_u64 (i64.const 0))) ${'(i64.const 7) '.repeat(WIDTH)}))
        (func $at_${name} (param $depth i32) (param ${'i64 '.repeat(WIDTH)})
          (if (local.get $depth)
            (then (call $at_${name} (i32.sub (local.get $depth) (i32.const 1)) ${passedOn}))
            (else ${call})))`,
    )
    .join('\n')}`;

const imports = `
  (import "extism:host/user" "counts" (func $counts (param i32) (result i32)))
  (import "extism:host/user" "copies" (func $copies (param i64) (result i64)))`;

const functions = [
  hostFunction('counts', ['i32'], ['i32'], (value) => {
    const nested = (depth: number): number => (depth === 0 ? value : nested(depth - 1) + 0);
    return nested(20);
  }),
  hostFunction('copies', ['bytes'], ['bytes'], (bytes) => new Uint8Array([...bytes, 1])),
];

/** The little-endian u64 that the exports read. */
function depthInput(depth: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(depth), true);
  return bytes;
}

/** How a call at that depth ends: the kind of its failure, or `returned`. */
function ending(built: Plugin, name: string, depth: number): string {
  try {
    built.call(name, depthInput(depth));
    return 'returned';
  } catch (error) {
    if (error instanceof PluginCallError) return error.failure.kind;
    throw error;
  }
}

/**
 * About the largest depth at which an export ends as it does at depth 0. An engine's own edge moves
 * while it optimises.
 */
function edgeOf(built: Plugin, name: string): number {
  const shallow = ending(built, name, 0);
  let [reached, failed] = [0, 200_000];
  while (failed - reached > 1) {
    const middle = Math.floor((reached + failed) / 2);
    if (ending(built, name, middle) === shallow) reached = middle;
    else failed = middle;
  }
  return reached;
}

/** How often an edge is searched for. */
const ATTEMPTS = 3;

const wasm = await pluginModule(fields, imports);
const telemetry = { log: () => undefined, counter: () => undefined };

const ways = [
  { what: 'the stack budget', compiled: compilePlugin(wasm), above: 6, below: 4, step: 1 },
  {
    what: "the engine's own stack",
    compiled: compilePlugin(wasm, { metering: false }),
    above: 60,
    below: 16,
    step: 2,
  },
] as const;

for (const { what, compiled, above, below, step } of ways) {
  stack(`every function of kernel and host at every depth around the edge of ${what}`, () => {
    const built = buildPlugin(compiled, { functions, telemetry });
    console.log(`${what} ends at a depth of about ${edgeOf(built, 'plain')}`);
    for (const name of Object.keys(calls)) {
      const own = name === 'http_request' ? 'KernelFunction' : 'returned';
      // If JavaScript in a function runs out of stack, that is the function's failure.
      const allowed = [
        own,
        'StackOverflow',
        name === 'counts' || name === 'copies' ? 'HostFunction' : 'KernelFunction',
      ];
      const seen = new Set<string>();
      // Whether the edge was crossed. If the function always fails, its failure without stack looks
      // the same.
      const isCrossed = (): boolean => seen.has(own) && (seen.size > 1 || own !== 'returned');
      // An engine that optimises moves its edge meanwhile. Then search for it again.
      for (let attempt = 0; attempt < ATTEMPTS && !isCrossed(); attempt++) {
        const edge = edgeOf(built, name);
        for (let depth = Math.max(0, edge - above); depth < edge + below; depth += step) {
          const end = ending(built, name, depth);
          assert.ok(allowed.includes(end), `${name} at ${depth}: ${end}`);
          seen.add(end);
          built.call('works');
        }
      }
      assert.ok(isCrossed(), `${name}: ${[...seen].join()}`);
    }
  });
}

stack('a host may call from deep in its own stack', () => {
  const built = buildPlugin(compilePlugin(wasm), { functions, telemetry });
  const call = (): string => ending(built, 'plain', 3);
  // The addition keeps engines from leaving the frame before the call.
  const deep = (frames: number): string => (frames === 0 ? call() : `${deep(frames - 1)}`);
  const endingAt = (frames: number): string => {
    try {
      return deep(frames);
    } catch (error) {
      if (!isStackOverflow(error)) throw error;
      return 'no room';
    }
  };
  // Engines optimise what is called often, and the frames become smaller. So search for the edge
  // each time.
  const endings: string[] = [];
  for (let round = 0; round < 3; round++) {
    let [reached, failed] = [0, 1_000_000];
    while (failed - reached > 1) {
      const middle = Math.floor((reached + failed) / 2);
      if (endingAt(middle) === 'returned') reached = middle;
      else failed = middle;
    }
    for (let beyond = -100; beyond < 400; beyond++) endings.push(endingAt(reached + beyond));
  }
  const counts = new Map(endings.map((kind) => [kind, endings.filter((other) => other === kind).length]));
  console.log(`around the edge of the host's own stack: ${JSON.stringify([...counts])}`);
  assert.ok((counts.get('StackOverflow') ?? 0) > 0);
  assert.ok([...counts.keys()].every((kind) => ['returned', 'StackOverflow', 'no room'].includes(kind)));
  assert.is(call(), 'returned');
});

stack('the budget ends at the same depth each time', () => {
  const [one, two] = [buildPlugin(compilePlugin(wasm), { functions }), buildPlugin(compilePlugin(wasm), { functions })];
  const edge = edgeOf(one, 'plain');
  assert.is(edgeOf(two, 'plain'), edge);
  assert.is(edgeOf(one, 'plain'), edge);
});

stack.run();
