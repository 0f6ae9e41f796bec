// Measures how many bytes a process grows for each module that it compiles, beside the estimate of
// src/host/code-budget.ts:
//   node --import ./scripts/typescript.mjs scripts/bench/machine-code.ts
// A row for each fixture and engine. "lazy" compiles as a host does: V8 then makes machine code of
// a function when it is first called. "baseline" makes that of all functions at once.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { prepareHooks } from '../../src/hooks/index.ts';
import { machineCodeBytes } from '../../src/host/code-budget.ts';
import { preparePlugin } from '../../src/plugin/index.ts';
import { findRuntime } from '../runtimes.mjs';

const root = new URL('../../', import.meta.url);
const fixtures = [
  'router/router.wasm',
  'dialect/dialect.wasm',
  'rust/router/router.wasm',
  'rust/signer/signer.wasm',
  'hooks/filter/filter.wasm',
];

/** What is measured: a runtime, with which flags, and how many modules it compiles. */
const engines = [
  { title: 'V8, lazy', runtime: 'node', flags: ['--expose-gc'], modules: 40 },
  {
    title: 'V8, baseline',
    runtime: 'node',
    flags: ['--expose-gc', '--no-wasm-lazy-compilation', '--liftoff-only'],
    modules: 40,
  },
  { title: 'JavaScriptCore', runtime: 'bun', flags: [], modules: 40 },
] as const;

const bytesOf = (path: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(new URL(`fixtures/${path}`, root)));

/** Appends a custom section: engines share the machine code of equal modules. */
function numbered(module: Uint8Array, number: number): Uint8Array<ArrayBuffer> {
  const name = new TextEncoder().encode(`number${String(number).padStart(6, '0')}`);
  return new Uint8Array([...module, 0, name.length + 1, name.length, ...name]);
}

async function collectGarbage(): Promise<void> {
  for (let times = 0; times < 3; times++) {
    if ('Bun' in globalThis) Reflect.get(Reflect.get(globalThis, 'Bun'), 'gc')(true);
    else globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Prints how many bytes this process grows for each module. */
async function measure(path: string, count: number): Promise<void> {
  const prepare = path.startsWith('hooks/') ? prepareHooks : preparePlugin;
  const prepared = prepare(bytesOf(path));
  const modules = Array.from({ length: count }, (_, number) => numbered(prepared, number));
  const kept = [new WebAssembly.Module(prepared)];
  await collectGarbage();
  const before = process.memoryUsage().rss;
  for (const module of modules) kept.push(new WebAssembly.Module(module));
  await collectGarbage();
  console.log((process.memoryUsage().rss - before) / (kept.length - 1));
}

const [path, count] = process.argv.slice(2);
if (path !== undefined) await measure(path, Number(count));
else {
  for (const fixture of fixtures) {
    for (const { title, runtime: name, flags, modules } of engines) {
      const runtime = findRuntime(name);
      if (runtime === undefined) {
        console.log(`skipped: ${title}: there is no ${name} on this machine`);
        continue;
      }
      const program = fileURLToPath(import.meta.url);
      const args = [...flags, ...runtime.args, program, fixture, String(modules)];
      const { stdout, stderr, status } = spawnSync(runtime.command, args, { encoding: 'utf8' });
      if (status !== 0) throw new Error(`${title}, ${fixture}: ${stderr}`);
      const [measured, estimate] = [Number(stdout), machineCodeBytes(bytesOf(fixture))];
      const share = `${Math.round((100 * measured) / estimate)} % of ${Math.round(estimate / 1024)} KiB`;
      console.log(
        `${fixture.padEnd(26)} ${title.padEnd(16)} ${String(Math.round(measured / 1024)).padStart(6)} KiB  ${share}`,
      );
    }
  }
}
