// Measures in Chromium what modules of each kind at its limit take, as measure.ts does elsewhere:
//   node --import ./scripts/typescript.mjs scripts/hostile-compile/measure-chromium.ts
//   ... --kind clauses,branches --hot-ms 1000 --json
// Each module gets a browser of its own. Processor time and memory are those of the renderer, read
// from /proc, so this runs on Linux only.
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium } from '../../test/support/chromium.ts';
import { buildModule } from './build-module.ts';
import { largestSize } from './draw.ts';
import { kinds } from './kinds/index.ts';
import { openOwnSource } from './project.ts';

const { values: options } = parseArgs({
  options: {
    kind: { type: 'string', default: '' },
    'hot-ms': { type: 'string', default: '1000' },
    json: { type: 'boolean', default: false },
  },
});

/** What the page does; each function is called by its name. */
const script = (plugin: string): string => `
  import { buildPlugin, compilePlugin } from ${JSON.stringify(plugin)};
  const telemetry = { log: () => undefined, counter: () => undefined };
  let bytes, plugin;
  const call = (name) => {
    try {
      plugin.call(name);
      return 'returned';
    } catch (error) {
      if (error?.name !== 'PluginCallError') throw error;
      return error.failure.kind;
    }
  };
  Object.assign(globalThis, {
    load: async (path) => { bytes = new Uint8Array(await (await fetch(path)).arrayBuffer()); },
    compile: () => {
      try {
        plugin = buildPlugin(compilePlugin(bytes), { wallMs: 50, telemetry });
        return 'done';
      } catch (error) {
        if (error?.name !== 'BuildPluginError') throw error;
        return 'refused: ' + (error.failure.limit ?? error.failure.kind);
      }
    },
    first: () => call('run'),
    hot: () => call('hot'),
  });`;

/** Processor time of a process and of its main thread, in milliseconds. */
function times(pid: number): { readonly all: number; readonly main: number } {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  // utime and stime, in hundredths of a second.
  const all = 10 * (Number(fields[11]) + Number(fields[12]));
  return { all, main: Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6 };
}

/** The most memory that a process has had since it was last forgotten, in MB. */
const peakMb = (pid: number): number =>
  Number(/VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

/** The process that runs a browser's only page: of all renderers, the one that works meanwhile. */
async function rendererDuring(browser: Browser, work: () => Promise<void>): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const renderers = async (): Promise<ReadonlyMap<number, number>> => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const found = processInfo.filter(({ type }) => type === 'renderer');
    return new Map(found.map(({ id, cpuTime }) => [id, cpuTime]));
  };
  const before = await renderers();
  await work();
  const taken = [...(await renderers())].map(([id, cpuTime]) => ({ id, took: cpuTime - (before.get(id) ?? 0) }));
  const busiest = taken.sort((one, other) => other.took - one.took)[0];
  if (busiest === undefined) throw new Error('the browser has no renderer');
  return busiest.id;
}

/** How often a plugin is compiled first, so that the engine has compiled the library. */
const WARM_UP = 30;

async function warmUp(page: Page): Promise<void> {
  await page.evaluate("load('/next.wasm')");
  for (let turn = 0; turn < WARM_UP; turn++) await page.evaluate('compile()');
}

/** What a module took. Times in milliseconds of processor time, memory in MB. */
interface Figures {
  readonly module: string;
  readonly ended: string;
  readonly compileMs: number;
  readonly firstMs: number;
  readonly hotMs: number;
  readonly threadsMs: number;
  readonly peakMb: number;
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function measure(page: Page, pid: number, title: string, path: string): Promise<Figures> {
  const call = (name: string, argument?: string): Promise<string> =>
    page.evaluate(`${name}(${argument === undefined ? '' : JSON.stringify(argument)})`);
  const onMain = async (name: string): Promise<{ readonly ended: string; readonly ms: number }> => {
    const before = times(pid).main;
    const ended = await call(name);
    return { ended, ms: times(pid).main - before };
  };
  await call('load', path);
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
  const [baseline, before] = [peakMb(pid), times(pid)];
  const compile = await onMain('compile');
  let [first, slowest] = [0, 0];
  if (compile.ended === 'done') {
    first = (await onMain('first')).ms;
    const until = performance.now() + Number(options['hot-ms']);
    while (performance.now() < until) slowest = Math.max(slowest, (await onMain('hot')).ms);
    for (let last = -1; times(pid).all - last > 20; await sleep(300)) last = times(pid).all;
  }
  const after = times(pid);
  return {
    module: title,
    ended: compile.ended,
    compileMs: compile.ms,
    firstMs: first,
    hotMs: slowest,
    threadsMs: after.all - before.all - (after.main - before.main),
    peakMb: peakMb(pid) - baseline,
  };
}

const found = findChromium();
if (found === undefined) throw new Error('this machine has no Chromium');
const project = await openOwnSource();
const { outputFiles } = await build({
  stdin: { contents: script(fileURLToPath(project.entries['./plugin'] ?? '')), resolveDir: project.path },
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'browser',
});
const files = new Map<string, string | Uint8Array>([
  ['/', '<!doctype html><meta charset="utf-8"><script type="module" src="/page.js"></script>'],
  ['/page.js', outputFiles[0]?.text ?? ''],
  ['/next.wasm', readFileSync(new URL('../../fixtures/router/router.wasm', import.meta.url))],
]);
const types: Readonly<Record<string, string>> = { js: 'text/javascript', wasm: 'application/wasm' };
const server = createServer(({ url = '/' }, response) => {
  response.setHeader('content-type', types[url.split('.')[1] ?? ''] ?? 'text/html');
  response.end(files.get(url) ?? '');
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
// Listening on a port of TCP, so the address is one.
const { port } = server.address() as AddressInfo;
console.log(found.title);

const chosen = options.kind === '' ? kinds : kinds.filter(({ name }) => options.kind.split(',').includes(name));
for (const kind of chosen) {
  for (const variant of kind.variants ?? ['']) {
    let size = largestSize(kind, project.limits ?? {});
    for (let ended = 'refused'; ended.startsWith('refused') && size >= 1; size = Math.floor(size * 0.6)) {
      const recipe = { parts: [{ kind: kind.name, size, variant }], together: true, copies: 1 };
      files.set('/module.wasm', buildModule(recipe, 'hostile', project.limits));
      const browser = await chromium.launch({ executablePath: found.command, args: ['--no-sandbox'] });
      try {
        const page = await browser.newPage();
        await page.goto(`http://127.0.0.1:${port}/`);
        await page.waitForFunction('globalThis.hot !== undefined');
        const renderer = await rendererDuring(browser, () => warmUp(page));
        const figures = await measure(page, renderer, `${kind.name}/${variant} ${size}`, '/module.wasm');
        ended = figures.ended;
        if (ended.startsWith('refused')) continue;
        const { module, compileMs, firstMs, hotMs, threadsMs, peakMb: peak } = figures;
        if (options.json) console.log(JSON.stringify(figures));
        else {
          const [compile, first, hot] = [compileMs, firstMs, hotMs].map((ms) => ms.toFixed(0).padStart(5));
          const rest = `threads ${threadsMs.toFixed(0).padStart(5)}, ${peak.toFixed(0).padStart(4)} MB`;
          console.log(`${module.padEnd(36)} compile ${compile}, first ${first}, hot ${hot}, ${rest} ${ended}`);
        }
      } finally {
        await browser.close();
      }
    }
  }
}
server.close();
