// Runs prepared plugins without this package's code for running them, as abi/KERNEL.md tells a host
// in another language to ("Prepared plugins"). KP-2 and so on are anchors there.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createKernel } from '../../src/kernel/index.ts';
import { buildPlugin, PluginCallError, preparePlugin } from '../../src/plugin/index.ts';
import { canLink } from '../../src/plugin/link.ts';
import { fixture } from '../support/fixture.ts';
import { wat } from '../support/wat.ts';

const form = suite('the form of prepared plugins');

/** The fields of `cc_lb.metering` that this host uses. */
interface Metering {
  readonly version: number;
  readonly importModule: string;
  readonly globals: Readonly<Record<'counter' | 'time' | 'stack' | 'heap', string>>;
  readonly start?: string;
}

function section(module: WebAssembly.Module, name: string): unknown {
  const [bytes] = WebAssembly.Module.customSections(module, name);
  return bytes && JSON.parse(new TextDecoder().decode(bytes));
}

/** The host's side of metering, with a budget of fuel alone. */
class Counting {
  readonly #info: Metering;
  readonly #fuel: number;
  #burnt = 0;
  #slice = 0;
  #globals: Readonly<Record<string, WebAssembly.Global>> = {};
  readonly asked: string[] = [];

  constructor(info: Metering, fuel: number) {
    this.#info = info;
    this.#fuel = fuel;
  }

  get imports(): WebAssembly.Imports {
    const take = (name: string) => (amount: number) => {
      this.asked.push(`${name} ${amount}`);
      return 1;
    };
    const tick = (counter: number, time: number) => this.#tick(counter, time); // KP-6
    const asked = { tick, take_pages: take('take_pages'), take_entries: take('take_entries'), clamp_wait: () => 0n };
    return { [this.#info.importModule]: asked };
  }

  attach(exports: WebAssembly.Exports): void {
    const named = Object.entries(this.#info.globals).map(([name, as]) => [name, exports[as]]);
    this.#globals = Object.fromEntries(named);
    this.#set('heap', 67_108_864n); // KP-5
  }

  begin(): void {
    this.#burnt = 0;
    this.#slice = 0;
    this.#set('counter', -1); // KP-2
    this.#set('time', 0); // KP-3
    this.#set('stack', 65_536); // KP-4
  }

  /** KP-10. */
  get burnt(): number {
    return this.#burnt + this.#used(this.#get('counter'), this.#get('time'));
  }

  get isOut(): boolean {
    return this.burnt >= this.#fuel;
  }

  #tick(counter: number, time: number): number {
    this.#burnt += this.#used(counter, time);
    this.#slice = Math.max(0, Math.min(50_000, this.#fuel - this.#burnt));
    return this.#slice;
  }

  #used(counter: number, time: number): number {
    return this.#slice - 1 - counter - time;
  }

  #get(name: string): number {
    return Number(this.#globals[name]?.value);
  }

  #set(name: string, value: number | bigint): void {
    const global = this.#globals[name];
    assert.ok(global, `the module exports ${name}`);
    global.value = value;
  }
}

/** A host that only knows the documents. */
interface Host {
  /** Calls an export. Returns its output, or why it has none, and the fuel burnt. */
  call(name: string, input: string): readonly [ended: string, fuel: number];
  readonly counting: Counting;
}

/** A host for the form whose kernel it provides. */
function hostWithKernel(bytes: Uint8Array<ArrayBuffer>, fuel: number): Host {
  const module = new WebAssembly.Module(bytes);
  const counting = new Counting(section(module, 'cc_lb.metering') as Metering, fuel);
  const kernel = createKernel();
  const { memory: _, ...functions } = kernel.exports;
  const { exports } = new WebAssembly.Instance(module, { 'extism:host/env': functions, ...counting.imports });
  counting.attach(exports);
  start(module, exports, counting);
  return {
    counting,
    call: (name, input) => {
      kernel.begin(input);
      const thrown = enter(exports, name, counting);
      return [thrown ?? new TextDecoder().decode(kernel.output()), counting.burnt];
    },
  };
}

/** A host for the form with the kernel in the module. */
function hostOfLinked(bytes: Uint8Array<ArrayBuffer>, fuel: number): Host {
  const module = new WebAssembly.Module(bytes);
  const counting = new Counting(section(module, 'cc_lb.metering') as Metering, fuel);
  const { version, importModule, exportPrefix } = section(module, 'cc_lb.kernel.v1') as {
    readonly [field: string]: string | number;
  };
  assert.is(version, 4);
  const names = ['config_get', 'var_get', 'var_set', 'http_request', 'charge_bytes'];
  const logs = ['trace', 'debug', 'info', 'warn', 'error'].map((level) => `log_${level}`);
  const javascript = Object.fromEntries([...names, ...logs].map((name) => [name, () => 0n]));
  const imports = { [String(importModule)]: { ...javascript, take_pages: () => 1 }, ...counting.imports };
  const { exports } = new WebAssembly.Instance(module, imports);
  counting.attach(exports);
  // The casts: the table of exports in KERNEL.md.
  const exported = (name: string) => exports[`${exportPrefix}${name}`];
  const memory = () => new Uint8Array((exported('memory') as WebAssembly.Memory).buffer);
  const position = (name: string) => Number((exported(name) as () => bigint)());
  start(module, exports, counting);
  return {
    counting,
    call: (name, input) => {
      const sent = new TextEncoder().encode(input);
      memory().set(sent, (exported('begin') as (length: number) => number)(sent.length)); // KP-23
      const thrown = enter(exports, name, counting);
      const from = position('output_offset');
      const output = memory().slice(from, from + position('output_length'));
      return [thrown ?? new TextDecoder().decode(output), counting.burnt];
    },
  };
}

/** KP-17. */
function start(module: WebAssembly.Module, exports: WebAssembly.Exports, counting: Counting): void {
  const { start: name } = section(module, 'cc_lb.metering') as Metering;
  counting.begin();
  if (name !== undefined) (exports[name] as () => void)();
}

/** Calls an export, and returns what ended it other than its return. */
function enter(exports: WebAssembly.Exports, name: string, counting: Counting): string | undefined {
  counting.begin();
  try {
    // The cast: the exports of the fixtures take nothing.
    (exports[name] as () => unknown)();
  } catch {
    return counting.isOut ? 'OutOfFuel' : 'Trap';
  }
  return counting.isOut ? 'OutOfFuel' : undefined;
}

/** What this package makes of the same call. */
function expected(wasm: Uint8Array, name: string, input: string, fuel: number): readonly [string, number] {
  const plugin = buildPlugin(wasm, { fuel, wallMs: Number.POSITIVE_INFINITY });
  try {
    return [plugin.callText(name, input), plugin.fuelConsumed];
  } catch (error) {
    if (!(error instanceof PluginCallError)) throw error;
    return [error.failure.kind, plugin.fuelConsumed];
  }
}

const hosts: readonly (readonly ['instance' | 'linked', typeof hostWithKernel])[] = [
  ['instance', hostWithKernel],
  ...(canLink() ? ([['linked', hostOfLinked]] as const) : []),
];
if (!canLink()) console.log('skipped: the linked form: this engine takes no second memory');

for (const [kernel, hostOf] of hosts) {
  form(`${kernel}: a host that follows KERNEL.md gets the same output and fuel`, async () => {
    for (const [path, name, input, fuel] of [
      ['behaviour/echo.wasm', 'run', 'some bytes', 1_000_000],
      ['behaviour/echo-u64.wasm', 'run', 'some more bytes than eight', 1_000_000],
      ['observer/observer.wasm', 'counts', '', 10_000_000],
      ['behaviour/infinite-loop.wasm', 'run', '', 123_456],
      ['behaviour/echo.wasm', 'run', 'some bytes', 100],
    ] as const) {
      const wasm = await fixture(path);
      const host = hostOf(preparePlugin(wasm, { kernel }), fuel);
      const wanted = expected(wasm, name, input, fuel);
      const first = host.call(name, input);
      assert.equal([first[0], Math.min(first[1], fuel)], wanted, path);
      assert.equal(host.call(name, input)[0], wanted[0], `${path} again`);
    }
  });

  form(`${kernel}: the fuel is exact at the last instruction`, async () => {
    const wasm = await fixture('behaviour/echo.wasm');
    const [, fuel] = expected(wasm, 'run', 'abc', 1_000_000);
    const prepared = preparePlugin(wasm, { kernel });
    assert.equal(hostOf(prepared, fuel + 1).call('run', 'abc'), ['abc', fuel]);
    assert.is(hostOf(prepared, fuel).call('run', 'abc')[0], 'OutOfFuel');
  });

  form(`${kernel}: growth asks the host, and the start function is an export`, async () => {
    const wasm = new Uint8Array(
      await wat(`(module (memory 1) (table 1 funcref) (global $g (mut i32) (i32.const 0))
        (func $start (global.set $g (i32.const 5))) (start $start)
        (func (export "run") (result i32)
          (drop (memory.grow (i32.const 3))) (drop (table.grow (ref.null func) (i32.const 40)))
          (i32.sub (global.get $g) (i32.const 5))))`),
    );
    const prepared = preparePlugin(wasm, { kernel });
    const { start: name, version } = section(new WebAssembly.Module(prepared), 'cc_lb.metering') as Metering;
    assert.is(version, 4);
    assert.is(name, 'meter start');
    const host = hostOf(prepared, 1_000_000);
    assert.equal(host.call('run', ''), expected(wasm, 'run', '', 1_000_000));
    assert.equal(host.counting.asked, ['take_pages 3', 'take_entries 40']);
  });
}

form.run();
