// The package in places that really forbid compiling at run time: a context of Node without code
// generation, and a page with a policy.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Chromium, findChromium } from '../support/chromium.ts';
import { fixture } from '../support/fixture.ts';
import { isLeftOut } from '../support/only-this-node.ts';

const forbidden = suite('compiling that is really forbidden');

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * What happens there, in plain values: `admit` of a plugin, and `meterModule` of it and of a
 * module that is invalid.
 */
const probe = `
  import { admit, compilePlugin, compilePluginAsync, meterModule } from './src/index.ts';
  const outcome = (run) => {
    try { const value = run(); return value?.admitted === undefined ? 'done' : 'admitted ' + value.admitted; }
    catch (error) { return error.name + ' ' + error.failure?.kind + ': ' + error.message; }
  };
  // (module (func (result i32)))
  const invalid = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 127, 3, 2, 1, 0, 10, 4, 1, 2, 0, 11);
  // A module of 9 MB: more than a page may compile on its main thread.
  const large = new Uint8Array(9_000_000);
  const size = 8_999_987; // of its custom section
  large.set([0, 97, 115, 109, 1, 0, 0, 0, 0]);
  large.set([0x80 | (size & 127), 0x80 | ((size >> 7) & 127), 0x80 | ((size >> 14) & 127), size >> 21], 9);
  globalThis.probeLarge = async () => {
    const asynchronous = await compilePluginAsync(large).then(() => 'done', (error) => String(error));
    return [outcome(() => compilePlugin(large)), asynchronous];
  };
  globalThis.probe = (bytes) => {
    const wasm = new Uint8Array(bytes);
    return [outcome(() => admit(wasm)), outcome(() => meterModule(wasm)), outcome(() => meterModule(invalid))];
  };`;

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: probe, resolveDir: root, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
}

const bytes = [...(await fixture('router/router.wasm'))];

function assertOutcomes([admitted = '', metered = '', invalid = '']: readonly string[]): void {
  assert.match(admitted, /^BuildPluginError CompilationRefused: .*preparePlugin.*wasm-unsafe-eval/);
  // Engines validate there or do not; they must never blame the module.
  assert.match(metered, /^(done|MeteringError CompilationRefused: )/);
  assert.match(invalid, /^MeteringError (InvalidModule: .*it is not valid|CompilationRefused: )/);
}

forbidden('in a context of Node without code generation', async () => {
  if ('Deno' in globalThis || 'Bun' in globalThis) {
    return console.log('skipped: a context without code generation: Node has one');
  }
  const globals = { TextEncoder, TextDecoder, performance, console, crypto };
  const context = vm.createContext({ ...globals }, { codeGeneration: { strings: false, wasm: false } });
  vm.runInContext(await bundle(), context);
  // What runs in the context has types of its own: only texts come out.
  assertOutcomes(JSON.parse(vm.runInContext(`JSON.stringify(probe(${JSON.stringify(bytes)}))`, context)));
});

/** The Chromium that opens the page. Prints the reason if there is none. */
function chromiumHere(): Chromium | undefined {
  if ('Deno' in globalThis || 'Bun' in globalThis) {
    console.log('skipped: playwright drives a browser from Node only');
    return undefined;
  }
  if (isLeftOut('a page that forbids compilation')) return undefined;
  const found = findChromium();
  if (found === undefined) console.log('skipped: there is no Chromium on this machine');
  return found;
}

/** What the script makes global. */
interface Probes {
  readonly probe: (bytes: readonly number[]) => readonly string[];
  readonly probeLarge: () => Promise<readonly string[]>;
}

/** Opens a page with a policy, and gives what the probe reports there. */
async function inPage(executablePath: string, policy: string, large = false): Promise<readonly string[]> {
  const script = await bundle();
  const server = createServer(({ url }, response) => {
    const [type, body] =
      url === '/probe.js' ? ['text/javascript', script] : ['text/html', '<!doctype html><title>.</title>'];
    response.writeHead(200, { 'content-type': type, 'content-security-policy': policy }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server on a port has an address of this kind.
  const { port } = server.address() as AddressInfo;
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []; // Chromium has none for root
  const browser = await chromium.launch({ executablePath, headless: true, args: sandbox });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${port}/`);
    await page.addScriptTag({ url: '/probe.js' });
    return await page.evaluate(
      ([given, isLarge]) => {
        // The script has put them there.
        const { probe, probeLarge } = globalThis as unknown as Probes;
        return isLarge ? probeLarge() : probe(given);
      },
      [bytes, large] as const,
    );
  } finally {
    await browser.close();
    server.close();
  }
}

forbidden("in a page whose policy lacks 'wasm-unsafe-eval', and not in one that has it", async () => {
  const found = chromiumHere();
  if (found === undefined) return;
  const { command: executablePath } = found;
  assertOutcomes(await inPage(executablePath, "script-src 'self'"));
  const allowed = await inPage(executablePath, "script-src 'self' 'wasm-unsafe-eval'");
  assert.equal(allowed.slice(0, 2), ['admitted true', 'done']);
  assert.match(allowed[2] ?? '', /^MeteringError InvalidModule: /);
});

forbidden(
  'a module that is too large for the main thread of a page is compiled by the asynchronous function',
  async () => {
    const found = chromiumHere();
    if (found === undefined) return;
    const { command: executablePath } = found;
    const [synchronous = '', asynchronous] = await inPage(executablePath, "script-src 'self' 'wasm-unsafe-eval'", true);
    assert.is(asynchronous, 'done');
    // Engines that have no such limit compile it.
    assert.match(synchronous, /^(done|BuildPluginError CompilationRefused: .*compilePluginAsync)/);
    console.log(`a module of 9 MB on the main thread: ${synchronous.slice(0, 160)}`);
  },
);

forbidden.run();
